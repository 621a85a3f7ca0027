import { describe, expect, test } from "vitest";
import type { ClientEvent } from "../src/index.ts";
import { createAcorn, except } from "./acorn.ts";
import { createFakeClock } from "./scripted-source.ts";

const ok = except(() => Response.json({}));

describe("events", () => {
  test("tell of tokens and requests, with durations and attempts", async () => {
    const { clock, advance } = createFakeClock();
    const events: ClientEvent[] = [];
    let calls = 0;
    const { client } = createAcorn(
      except(() => Response.json({ id: "1" }, { status: [503, 200, 401, 200][calls++] ?? 200 })),
      { clock, onEvent: (event: ClientEvent) => events.push(event), http: { backoffMs: 0 } },
    );
    await client.getThing({ id: "1" });
    await client.getThing({ id: "1" });
    advance(3_600_000 - 60_000);
    await client.getToken();
    expect(events.map(({ type }) => type)).toEqual([
      "token.issued",
      "request.retried",
      "token.invalidated",
      "token.issued",
      "request.replayed",
      "token.served_while_refreshing",
    ]);
    expect(events[0]).toEqual({ type: "token.issued", by: "exchange", durationMs: 0, expiresAt: expect.any(Number) });
    expect(events[1]).toEqual({
      type: "request.retried",
      operationId: "getThing",
      attempt: 1,
      delayMs: 0,
      status: 503,
    });
    expect(events[4]).toEqual({ type: "request.replayed", durationMs: 0 });
  });

  test("nor does one that rejects", async () => {
    const { client } = createAcorn(ok, { onEvent: async () => Promise.reject(new Error("listener")) });
    expect((await client.getToken()).accessToken).toBe("token-1");
  });

  test("a listener that throws breaks nothing", async () => {
    const { client } = createAcorn(ok, {
      onEvent: () => {
        throw new Error("listener");
      },
    });
    expect((await client.getToken()).accessToken).toBe("token-1");
  });
});

const renewalRefused = except(({ url }) => new Response(null, { status: url.endsWith("/renew") ? 401 : 200 }));
test("waitUntil is handed the background refresh, and nothing else", async () => {
  const { clock, advance } = createFakeClock();
  const work: Promise<unknown>[] = [];
  const { client } = createAcorn(renewalRefused, {
    clock,
    waitUntil: (promise: Promise<unknown>) => work.push(promise),
  });
  await client.getToken();
  expect(work).toEqual([]);
  advance(3_600_000 - 60_000);
  await client.getToken();
  expect(work).toHaveLength(1);
  await work[0];
  expect((await client.getToken()).accessToken).toBe("token-2");
});

describe("a refresh operation", () => {
  const renewing =
    (status: number) =>
    ({ url }: { url: string }) =>
      url.endsWith("/renew")
        ? Response.json(status === 200 ? { token: "renewed", expiresIn: 3600 } : {}, { status })
        : new Response(null, { status: 599 });
  const inWindow = async (status: number) => {
    const { clock, advance } = createFakeClock();
    const events: ClientEvent[] = [];
    const acorn = createAcorn(renewing(status), {
      clock,
      onEvent: (event: ClientEvent) => events.push(event),
      http: { attempts: 1 },
    });
    await acorn.client.getToken();
    advance(3_600_000 - 60_000);
    await acorn.client.getToken();
    for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
    return { ...acorn, events, token: (await acorn.client.getToken()).accessToken };
  };

  test("is used inside the window, with the token that is still valid", async () => {
    const { token, seen, logins, events } = await inWindow(200);
    expect([token, logins()]).toEqual(["renewed", 1]);
    expect(seen.find(({ url }) => url.endsWith("/renew"))?.headers["authorization"]).toBe("Bearer token-1");
    expect(events).toContainEqual(expect.objectContaining({ type: "token.issued", by: "refresh" }));
  });

  test.each([400, 401, 500])("answered %i falls through to an exchange, and an event tells it", async (status) => {
    const { token, logins, events } = await inWindow(status);
    expect([token, logins()]).toEqual(["token-2", 2]);
    expect(events.slice(2)).toEqual([
      { type: "token.refresh_fell_back", code: expect.any(String), durationMs: 0 },
      expect.objectContaining({ type: "token.issued", by: "exchange" }),
    ]);
  });

  test("is never used after an invalidation", async () => {
    const { client, seen, logins } = createAcorn(renewing(200));
    client.invalidate(await client.getToken());
    await client.getToken();
    expect([logins(), seen.some(({ url }) => url.endsWith("/renew"))]).toEqual([2, false]);
  });
});
