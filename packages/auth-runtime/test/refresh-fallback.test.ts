import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { ClientEvent } from "../src/index.ts";
import { createAcorn, rejection } from "./acorn.ts";
import { createFakeClock } from "./scripted-source.ts";

const LIFETIME_MS = 3_600_000;
const never = () => new Promise<never>(() => undefined);
const renewed = (more: object) => Response.json({ token: "renewed", expiresIn: 3600, ...more });

/** A client whose token is in its last 10 s, so that a caller waits for the refresh. */
async function atMargin(renew: () => Response | Promise<Response>, options: object = {}) {
  const { clock, advance } = createFakeClock();
  const events: ClientEvent[] = [];
  const isRenewal = ({ url }: { url: string }) => url.endsWith("/renew");
  const acorn = createAcorn(
    (request) =>
      isRenewal(request) ? renew() : new Response(null, { status: request.url.endsWith("/login") ? 599 : 200 }),
    { clock, onEvent: (event: ClientEvent) => events.push(event), ...options },
  );
  await acorn.client.getToken();
  advance(LIFETIME_MS - 5000);
  return { ...acorn, clock, advance, events, renewals: () => acorn.seen.filter(isRenewal).length };
}

describe("a refresh is sent once, and an exchange follows in the same flight when it", () => {
  const statuses = [300, 301, 302, 303, 304, 307, 308, 400, 401, 403, 404, 405, 409, 418, 422, 429, 499, 500, 501, 599];
  test.each([...statuses, 502, 503, 504])("answers %i", async (status) => {
    const headers = { Location: "https://evil.example/token", "Retry-After": "60" };
    const body = status === 304 ? null : "{}";
    const { client, renewals, logins } = await atMargin(() => {
      // 599 is how the scripted vendor is asked for a token.
      return new Response(body, { status: status === 599 ? 598 : status, headers });
    });
    expect((await client.getToken()).accessToken).toBe("token-2");
    expect([renewals(), logins()]).toEqual([1, 2]);
  });

  const reset = () => Promise.reject(Object.assign(new TypeError("fetch failed"), { cause: { code: "ECONNRESET" } }));
  const breaksOff = () =>
    new Response(
      new ReadableStream({
        start: (controller) => controller.enqueue(new TextEncoder().encode('{"token":')),
        pull: (controller) => controller.error(new TypeError("terminated")),
      }),
    );
  const faults: [string, () => Response | Promise<Response>][] = [
    ["answers HTML", () => new Response("<html>maintenance</html>", { headers: { "Content-Type": "text/html" } })],
    ["answers nothing", () => new Response(null)],
    ["answers 204", () => new Response(null, { status: 204 })],
    ["answers an object without a token", () => Response.json({})],
    ["answers a list", () => Response.json([])],
    ["answers a token no header can carry", () => renewed({ token: "a\nb" })],
    ["answers the same token again", () => renewed({ token: "token-1" })],
    ["answers more than the limit", () => renewed({ padding: "x".repeat(2 ** 20) })],
    ["is reset", reset],
    ["breaks off", breaksOff],
    ["throws an error", () => Promise.reject(new Error("no"))],
    ["throws nothing", () => Promise.reject(undefined)],
    ["throws a text", () => Promise.reject("no")],
  ];
  test.each(faults)("%s", async (_, renew) => {
    const { client, renewals, logins, events } = await atMargin(renew);
    expect((await client.getToken()).accessToken).toBe("token-2");
    expect([renewals(), logins()]).toEqual([1, 2]);
    const [fallback] = events.filter(({ type }) => type === "token.refresh_fell_back");
    expect(fallback).toMatchObject({ code: expect.stringMatching(/^[a-z_]+$/), durationMs: expect.any(Number) });
  });

  test("answers a token that is expired when it arrives", async () => {
    const { client, logins, advance } = await atMargin(() => {
      advance(1000);
      return renewed({ expiresIn: 0.5 });
    });
    expect((await client.getToken()).accessToken).toBe("token-2");
    expect(logins()).toBe(2);
  });

  test("its failure is not the exchange's: a 429 or a refusal of it holds nothing back", async () => {
    for (const status of [401, 403, 429]) {
      const refused = () => Response.json({ error: "invalid_client" }, { status, headers: { "Retry-After": "60" } });
      const { client, logins, advance } = await atMargin(refused);
      await client.getToken();
      client.invalidate(await client.getToken());
      advance(1);
      expect((await client.getToken()).accessToken).toBe("token-3");
      expect(logins()).toBe(3);
    }
  });
});

describe("the time of a flight", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** Both clocks and the timers together. */
  const pass = async (ms: number, advance: (ms: number) => void) => {
    advance(ms);
    await vi.advanceTimersByTimeAsync(ms);
  };

  test.each([
    [{}, 10_000],
    [{ timeoutMs: 6000 }, 2000],
    [{ attemptTimeoutMs: 500 }, 500],
    [{ timeoutMs: Number.POSITIVE_INFINITY }, 10_000],
  ])("with %j a refresh that hangs is left after %i ms", async (http, limitMs) => {
    const { client, advance, renewals, logins } = await atMargin(never, { http });
    const token = client.getToken();
    await pass(limitMs - 1, advance);
    expect([renewals(), logins()]).toEqual([1, 1]);
    await pass(1, advance);
    expect((await token).accessToken).toBe("token-2");
    expect(logins()).toBe(2);
  });

  test("leaves the exchange what the refresh did not use, and no more", async () => {
    const { clock, advance } = createFakeClock();
    const first = Response.json({ token: "token-1", expiresIn: 3600 });
    const answers = [first];
    const { client } = createAcorn(() => answers.pop() ?? never(), { clock, http: { timeoutMs: 6000 } });
    await client.getToken();
    advance(LIFETIME_MS - 5000);
    let error: Error | undefined;
    rejection(client.getToken()).then((reason) => {
      error = reason;
    });
    await pass(2000, advance);
    await pass(3999, advance);
    expect(error).toBeUndefined();
    await pass(1, advance);
    expect(error).toMatchObject({ code: "timeout", operationId: "logIn" });
  });

  test("a caller who leaves during the refresh, as the last, ends the flight: no exchange follows", async () => {
    const { client, logins, renewals, events } = await atMargin(never);
    const controller = new AbortController();
    const waiting = rejection(client.getToken({ signal: controller.signal }));
    await vi.advanceTimersByTimeAsync(0);
    controller.abort();
    expect(await waiting).toMatchObject({ code: "aborted" });
    await vi.advanceTimersByTimeAsync(20_000);
    expect([renewals(), logins()]).toEqual([1, 1]);
    expect(events.map(({ type }) => type)).toEqual(["token.issued"]);
  });
});

describe("a refresh operation that is called by itself", () => {
  test("fails with its own error, is repeated as any operation is, and holds no exchange back", async () => {
    let calls = 0;
    const renew = () => {
      calls++;
      return Response.json({}, { status: 429, headers: { "Retry-After": "60" } });
    };
    const { client, logins } = await atMargin(renew, { http: { timeoutMs: 1000 } });
    const later = await rejection(client["renew"]());
    expect(later).toMatchObject({ code: "rate_limited", operationId: "renew", retryAfterMs: 60_000 });
    expect(calls).toBeGreaterThan(0);
    client.invalidate(await client.getToken());
    await client.getToken();
    expect(logins()).toBeGreaterThan(1);
  });
});

test("while an exchange is held back, no background request is made either", async () => {
  const { clock, advance } = createFakeClock();
  let isDown = false;
  const { client, seen } = createAcorn(
    () =>
      isDown
        ? Response.json({}, { status: 429, headers: { "Retry-After": "40" } })
        : Response.json({ token: `token-${seen.length}`, expiresIn: 3600 }),
    { clock },
  );
  const turns = async () => {
    for (let turn = 0; turn < 30; turn++) await new Promise((resolve) => setImmediate(resolve));
  };
  await client.getToken();
  isDown = true;
  advance(LIFETIME_MS - 200_000);
  for (let second = 0; second < 40; second++) {
    await client.getToken();
    await turns();
    advance(1000);
  }
  // One refresh and one exchange.
  expect(seen).toHaveLength(3);
  await client.getToken();
  await turns();
  expect(seen).toHaveLength(5);
});
