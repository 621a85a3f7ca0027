import fc from "fast-check";
import { expect, test } from "vitest";
import type { Clock } from "../src/clock.ts";
import { createTokenSource, type IssuedToken } from "../src/token-source.ts";
import { createFakeClock, plainParts } from "./scripted-source.ts";

const RUNS = 10_000;
const DAY_MS = 86_400_000;

const issuedNow = (clock: Clock, accessToken: string, lifetimeMs: number): IssuedToken => ({
  ...{ accessToken, lifetimeMs },
  issuedAt: clock.now(),
  startedAt: clock.monotonic(),
});

type Step =
  | { kind: "call"; force: boolean }
  | { kind: "advance"; ms: number }
  | { kind: "jump"; ms: number }
  | { kind: "suspend"; ms: number }
  | { kind: "answer"; latencyMs: number; lifetimeMs: number; fails: boolean }
  | { kind: "invalidate" };

const lifetimes = fc.integer({ min: 1_000, max: 3650 * DAY_MS });
const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("call" as const), force: fc.boolean() }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("advance" as const), ms: fc.integer({ min: 0, max: 2 * DAY_MS }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("jump" as const), ms: fc.integer({ min: -DAY_MS, max: DAY_MS }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("suspend" as const), ms: fc.integer({ min: 0, max: DAY_MS }) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("answer" as const),
      latencyMs: fc.integer({ min: 0, max: 20_000 }),
      lifetimeMs: fc.oneof(fc.integer({ min: 1_000, max: 100_000 }), lifetimes),
      fails: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("invalidate" as const) }) },
);

test("nobody ever receives a token that either clock calls expired, or that was invalidated before the call", {
  timeout: 300_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(steps, { maxLength: 30 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      async (script, random) => {
        const { clock, advance, jump } = createFakeClock();
        const pending: { settle: (issued: IssuedToken | Error) => void; issuedAt: number; startedAt: number }[] = [];
        const issued = new Map<string, IssuedToken>();
        const invalidated = new Set<string>();
        let serial = 0;
        let last: string | undefined;
        const received: Promise<void>[] = [];
        const source = createTokenSource({
          ...plainParts,
          clock,
          obtain: () =>
            new Promise((resolve, reject) => {
              const settle = (outcome: IssuedToken | Error) =>
                outcome instanceof Error ? reject(outcome) : resolve(outcome);
              pending.push({ settle, issuedAt: clock.now(), startedAt: clock.monotonic() });
            }),
          random: () => random,
        });
        const call = (force: boolean) => {
          const knownBad = new Set(invalidated);
          const check = source.getToken({ force }).then(
            ({ accessToken }) => {
              const { issuedAt, startedAt, lifetimeMs } = issued.get(accessToken) as IssuedToken;
              expect(clock.now() - issuedAt).toBeLessThan(lifetimeMs as number);
              expect(clock.monotonic() - startedAt).toBeLessThan(lifetimeMs as number);
              expect(knownBad.has(accessToken)).toBe(false);
              last = accessToken;
            },
            (error: Error) => expect(error.message).toMatch(/had expired when it arrived|^down$/),
          );
          received.push(check);
        };
        const flush = async () => {
          for (let turn = 0; turn < 20; turn++) await Promise.resolve();
        };
        const answer = (fails: boolean, lifetimeMs: number) => {
          const request = pending.shift();
          if (!request) return;
          const accessToken = `token-${serial++}`;
          const { issuedAt, startedAt } = request;
          issued.set(accessToken, { accessToken, lifetimeMs, issuedAt, startedAt });
          request.settle(fails ? new Error("down") : (issued.get(accessToken) as IssuedToken));
        };
        for (const step of script) {
          if (step.kind === "call") call(step.force);
          else if (step.kind === "advance") advance(step.ms);
          else if (step.kind === "jump" || step.kind === "suspend") jump(step.ms);
          else if (step.kind === "answer") {
            advance(step.latencyMs);
            answer(step.fails, step.lifetimeMs);
          } else if (last) {
            invalidated.add(last);
            source.invalidate(last);
          }
          await flush();
        }
        while (pending.length > 0) {
          answer(true, 1000);
          await flush();
        }
        await Promise.all(received);
      },
    ),
    { numRuns: RUNS },
  );
});

test("the window stays under half of any lifetime from 1 s to 10 years, and over the margin", async () => {
  await fc.assert(
    fc.asyncProperty(lifetimes, fc.double({ min: 0, max: 1, noNaN: true }), async (lifetimeMs, random) => {
      const { clock, advance } = createFakeClock();
      let requests = 0;
      const source = createTokenSource({
        ...plainParts,
        clock,
        obtain: async () => issuedNow(clock, `t${requests++}`, lifetimeMs),
        random: () => random,
      });
      await source.getToken();
      advance(lifetimeMs / 2);
      await source.getToken();
      expect(requests).toBe(1);
      // Ten seconds, or 5 % of the lifetime, before the end somebody has to wait; before that somebody is served meanwhile.
      advance(lifetimeMs / 2 - Math.min(10_000, lifetimeMs * 0.05) - 1);
      expect((await source.getToken()).accessToken).toBe("t0");
      expect(requests).toBe(2);
    }),
    { numRuns: 2000 },
  );
});

test("a token of 5 s needs under 1.5 requests for each lifetime", async () => {
  const { clock, advance } = createFakeClock();
  let requests = 0;
  const source = createTokenSource({
    ...plainParts,
    clock,
    obtain: async () => issuedNow(clock, `t${requests++}`, 5000),
  });
  for (let ms = 0; ms < 5_000_000; ms += 50) {
    await source.getToken();
    advance(50);
  }
  expect(requests / 1000).toBeLessThan(1.5);
});
