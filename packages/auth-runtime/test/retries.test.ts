import { type Fault, type FaultServer, type Reply, startFaultServer } from "@org/mock-servers/fault-server";
import { describe, expect, test, vi } from "vitest";
import { createVendorClient } from "../src/index.ts";
import { type Acorn, acorn, createAcorn, credentials, except, rejection } from "./acorn.ts";

// Time enough for a busy machine; only what never answers is waited for as long.
const attemptTimeoutMs = process.env["STRYKER_MUTATOR_WORKER"] === undefined ? 1000 : 200;
const FAST = { backoffMs: 1, attemptTimeoutMs, timeoutMs: 10_000 };
const token: Reply = { json: { token: "example-token", expiresIn: 3600 } };
/** Logins succeed; every other request is answered from a list, the last of which stays. */
const serve = (...replies: (Reply | Fault)[]) => {
  let index = 0;
  return startFaultServer(({ path }) =>
    path === "/login" ? token : (replies[Math.min(index++, replies.length - 1)] as Reply),
  );
};
const clientOf = ({ url }: FaultServer, http: object = FAST) =>
  createVendorClient<Acorn>(acorn, { ...credentials, server: url, http });
const calls = ({ requests }: FaultServer) => requests.filter(({ path }) => path !== "/login").length;
const good: Reply = { json: { id: "1" } };

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

describe("an answer", () => {
  test("longer than the limit is not read", async () => {
    await using server = await serve("oversize");
    const error = await rejection(clientOf(server).getThing({ id: "1" }));
    expect(error).toMatchObject({ code: "invalid_response" });
    expect(error.message).toContain("getThing: the answer is longer than 1048576 bytes");
    await using small = await serve({ json: "123456" });
    expect(await clientOf(small, { maxResponseBytes: 8 }).ping()).toBe("123456");
    expect(await rejection(clientOf(small, { maxResponseBytes: 7 }).ping())).toMatchObject({
      code: "invalid_response",
    });
  });

  test("longer than the limit is left to whoever sends it", async () => {
    const cancel = vi.fn();
    const endless = () => new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(64)), cancel });
    const { client } = createAcorn(() => new Response(endless()), { http: { maxResponseBytes: 100 } });
    expect(await rejection(client.ping())).toMatchObject({ code: "invalid_response" });
    expect(cancel).toHaveBeenCalledOnce();
  });

  test("longer than the limit is not read of a 401 either, which another token then mends", async () => {
    const long = { status: 401, text: "x".repeat(99) };
    await using server = await serve(long, good);
    const http = { ...FAST, attempts: 1, maxResponseBytes: 64 };
    expect(await clientOf(server, http).getThing({ id: "1" })).toEqual({ id: "1" });
    await using stubborn = await serve(long);
    expect(await rejection(clientOf(stubborn, http).getThing({ id: "1" }))).toMatchObject({ code: "invalid_response" });
  });

  const refusals: [string, (controller: ReadableStreamDefaultController) => void][] = [
    ["breaks", (controller) => controller.error(new TypeError("terminated"))],
    ["never ends", () => undefined],
  ];
  test.each(refusals)("that is a 401 whose body %s is a 401 all the same: another token is tried", async (_, start) => {
    const { client, seen } = createAcorn(
      except(({ headers }) =>
        headers["authorization"] === "Bearer token-1"
          ? new Response(new ReadableStream({ start }), { status: 401 })
          : new Response(),
      ),
      { http: { attemptTimeoutMs: 50 } },
    );
    await client.putThing({ id: "1", body: {} });
    expect(seen.filter(({ method }) => method === "PUT").map(({ headers }) => headers["authorization"])).toEqual([
      "Bearer token-1",
      "Bearer token-2",
    ]);
  });

  test("is put together of the pieces it comes in, wherever they break", async () => {
    const bytes = new TextEncoder().encode(JSON.stringify({ id: "é€🌰" }));
    const pieces = () => {
      const rest = [...bytes];
      return new ReadableStream({
        pull(controller) {
          if (rest.length > 0) controller.enqueue(Uint8Array.from(rest.splice(0, 1)));
          else controller.close();
        },
      });
    };
    const { client } = createAcorn(except(() => new Response(pieces())));
    expect(await client.getThing({ id: "1" })).toEqual({ id: "é€🌰" });
  });

  test("that comes after its attempt was given up is nobody's", async () => {
    const late = Promise.withResolvers<Response>();
    const { client } = createAcorn(
      except((_, index) => {
        if (index === 1) return late.promise;
        const body = new ReadableStream({
          async pull(controller) {
            late.resolve(Response.json({ id: "late" }));
            await new Promise((resolve) => setTimeout(resolve, 10));
            controller.enqueue(new TextEncoder().encode('{"id":"1"}'));
            controller.close();
          },
        });
        return new Response(body);
      }),
      { http: { attemptTimeoutMs: 200, backoffMs: 1 } },
    );
    expect(await client.getThing({ id: "1" })).toEqual({ id: "1" });
  });

  test("that never comes ends with timeout, after the attempts or the deadline", async () => {
    await using server = await serve("hang");
    const http = { attempts: 2, attemptTimeoutMs: 100, backoffMs: 1 };
    expect(await rejection(clientOf(server, http).ping())).toMatchObject({ code: "timeout" });
    expect(calls(server)).toBe(2);
    expect(await rejection(clientOf(server, { timeoutMs: 30 }).ping())).toMatchObject({
      code: "timeout",
    });
  });

  test("that is slow enough is waited for without a limit where none is set", async () => {
    await using server = await serve({ ...good, delayMs: 50 });
    const http = { attemptTimeoutMs: Number.POSITIVE_INFINITY, timeoutMs: 2 ** 40 };
    expect(await clientOf(server, http).getThing({ id: "1" })).toEqual({ id: "1" });
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
    await using server = await serve(good);
    expect(await rejection(clientOf(server, { attemptTimeoutMs: 0, attempts: 1 }).ping())).toMatchObject({
      code: "timeout",
    });
  });
});
