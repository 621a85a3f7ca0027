import { type Fault, type Reply, startFaultServer } from "@org/mock-servers/fault-server";
import { describe, expect, test, vi } from "vitest";
import { createVendorClient } from "../src/index.ts";
import { type Acorn, acorn, createAcorn, credentials, rejection } from "./acorn.ts";
import { calls, clientOf, FAST, good, serve, token } from "./acorn-server.ts";

describe("a request that may be sent again", () => {
  const passing: [string, Reply | Fault][] = [
    ...[408, 500, 502, 503, 504].map((status): [string, Reply] => [`status ${status}`, { status, json: {} }]),
    ["429 without Retry-After", { status: 429, json: {} }],
    ["a dropped connection", "reset"],
    ["a connection dropped in the body", "resetInBody"],
    ["a body short of its length", "truncate"],
    ["no answer in time", "hang"],
  ];
  test.each(passing)("is, after %s", async (_, failure) => {
    await using server = await serve(failure, good);
    expect(await clientOf(server).getThing({ id: "1" })).toEqual({ id: "1" });
    expect(calls(server)).toBe(2);
  });

  const lasting: [string, Reply, string][] = [
    ["404", { status: 404, json: {} }, "http_error"],
    ["501", { status: 501, json: {} }, "http_error"],
    ["HTML at 200", { text: "<html>", headers: { "content-type": "text/html" } }, "invalid_response"],
  ];
  test.each(lasting)("is not, after %s", async (_, reply, code) => {
    await using server = await serve(reply);
    expect(await rejection(clientOf(server).getThing({ id: "1" }))).toMatchObject({ code });
    expect(calls(server)).toBe(1);
  });

  test("is sent again after a pause that doubles, with full jitter", async () => {
    vi.spyOn(Math, "random").mockReturnValue(0.5);
    const delays: unknown[] = [];
    const { client } = createAcorn(() => Response.json({}, { status: 503 }), {
      http: { attempts: 4, backoffMs: 8 },
      onEvent: (event: { delayMs?: number }) => delays.push(event.delayMs),
    });
    await rejection(client.ping());
    vi.restoreAllMocks();
    expect(delays).toEqual([4, 8, 16]);
  });

  test("is sent three times at the most, or as often as asked", async () => {
    for (const [http, attempts] of [
      [FAST, 3],
      [{ ...FAST, attempts: 1 }, 1],
      [{ ...FAST, attempts: 5 }, 5],
    ] as const) {
      await using server = await serve({ status: 503, json: {} });
      expect(await rejection(clientOf(server, http).getThing({ id: "1" }))).toMatchObject({ status: 503 });
      expect(calls(server)).toBe(attempts);
    }
  });

  test("waits as long as Retry-After asks, when that fits the deadline, and else fails at once", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      const headers = { "Retry-After": "20" };
      const { client, seen } = createAcorn((_, index) =>
        Response.json({}, index === 0 ? { status: 503, headers } : {}),
      );
      const call = client.ping();
      await vi.advanceTimersByTimeAsync(19_999);
      expect(seen).toHaveLength(1);
      await vi.advanceTimersByTimeAsync(1);
      expect([await call, seen.length]).toEqual([{}, 2]);
    } finally {
      vi.useRealTimers();
    }
    await using slow = await serve({ status: 429, headers: { "retry-after": "60" }, json: {} }, good);
    expect(await rejection(clientOf(slow).getThing({ id: "1" }))).toMatchObject({
      code: "rate_limited",
      retryAfterMs: 60_000,
    });
    expect(calls(slow)).toBe(1);
  });

  test("stops when the caller's signal ends the pause", async () => {
    await using server = await serve({ status: 503, headers: { "retry-after": "1" }, json: {} });
    const controller = new AbortController();
    const events: string[] = [];
    const client = createVendorClient<Acorn>(acorn, {
      ...{ ...credentials, server: server.url, http: FAST },
      onEvent: ({ type }: { type: string }) => {
        events.push(type);
        if (type === "request.retried") controller.abort();
      },
    });
    expect(await rejection(client.getThing({ id: "1" }, { signal: controller.signal }))).toMatchObject({
      code: "aborted",
    });
    expect(events).toEqual(["token.issued", "request.retried"]);
    expect(calls(server)).toBe(1);
  });
});

describe("a request that must not be sent twice", () => {
  test.each<[string, Reply | Fault]>([
    ["503", { status: 503, json: {} }],
    ["a dropped connection", "reset"],
    ["no answer", "hang"],
  ])("is not, after %s: a POST may have created something", async (_, failure) => {
    await using server = await serve(failure);
    await rejection(clientOf(server).openThing({ name: "x" }));
    expect(calls(server)).toBe(1);
  });

  test("is named by its spec where its method says otherwise", async () => {
    await using server = await serve("reset");
    await rejection(clientOf(server).rotate());
    expect(calls(server)).toBe(1);
    await rejection(clientOf(server).seek());
    expect(calls(server)).toBe(4);
  });

  test("is the token exchange: that is sent again, because no token is lost by it", async () => {
    let logins = 0;
    await using server = await startFaultServer(() => (logins++ === 0 ? "reset" : token));
    expect((await clientOf(server).getToken()).accessToken).toBe("example-token");
    expect(logins).toBe(2);
  });
});

describe("http options", () => {
  const mistakes: [string, unknown, string][] = [
    ["no object", 3, "options have to be an object"],
    ["no attempt", { attempts: 0 }, "http.attempts has to be a number, 1 or more"],
    ["a negative timeout", { timeoutMs: -1 }, "http.timeoutMs has to be a number, 0 or more"],
    ["a limit that is no number", { maxResponseBytes: "1" }, "http.maxResponseBytes has to be a number, 0 or more"],
    ["an unknown name", { retries: 3 }, 'there is no option "retries"; the options are attempts, attemptTimeoutMs'],
  ];
  test.each(mistakes)("%s is refused at the door", (_, http, message) => {
    expect(() => createAcorn(undefined, { http })).toThrow(message);
  });
  test("0 lets no attempt succeed", async () => {
    for (const http of [{ attemptTimeoutMs: 0, attempts: 1 }, { timeoutMs: 0 }]) {
      const { client, seen } = createAcorn(undefined, { http });
      expect(await rejection(client.ping())).toMatchObject({ code: "timeout" });
      expect(seen).toEqual([]);
    }
  });
});
