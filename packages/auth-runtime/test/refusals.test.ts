import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { ClientEvent } from "../src/index.ts";
import { createAcorn, except, type Handler, type Seen } from "./acorn.ts";
import { createFakeClock } from "./scripted-source.ts";
import { createSpreadAcorn } from "./spread-acorn.ts";

const API = "https://api.acorn.example";
const refuse = () => new Response(null, { status: 401 });
const tokenOf = ({ headers }: Seen) => headers["authorization"]?.replace("Bearer ", "");
/** A vendor that knows some tokens. */
function accepting(...tokens: string[]) {
  const accepted = new Set(tokens);
  const handler: Handler = (request) => (accepted.has(String(tokenOf(request))) ? Response.json({}) : refuse());
  return { accepted, handler };
}

/** Timers that fire at once, one after another. */
function hurry() {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }).setTimerTickMode("nextTimerAsync");
}
beforeEach(hurry);
afterEach(() => void vi.useRealTimers());

describe("a 401 of a token that was accepted before", () => {
  test("is a revocation: it is invalidated and the request replayed, however often that happens", async () => {
    const { accepted, handler } = accepting("token-1");
    const { client, logins } = await createSpreadAcorn(handler);
    for (let turn = 2; turn < 8; turn++) {
      expect((await client.fetch(`${API}/a`)).status).toBe(200);
      accepted.clear();
      accepted.add(`token-${turn}`);
    }
    expect((await client.fetch(`${API}/b`)).status).toBe(200);
    expect(logins()).toBe(7);
  });

  test("of a request that cannot be sent again is returned, and the next call has another token", async () => {
    const events: ClientEvent[] = [];
    const { accepted, handler } = accepting("token-1");
    const { client, logins } = await createSpreadAcorn(handler, {
      onEvent: (event: ClientEvent) => events.push(event),
    });
    await client.fetch(`${API}/a`);
    accepted.delete("token-1");
    accepted.add("token-2");
    const body = new ReadableStream({ start: (controller) => controller.close() });
    const upload = { method: "POST", body, duplex: "half" } as RequestInit;
    expect((await client.fetch(`${API}/upload`, upload)).status).toBe(401);
    expect(events).toContainEqual({ type: "request.not_replayed", reason: "body" });
    expect((await client.fetch(`${API}/a`)).status).toBe(200);
    expect(logins()).toBe(2);
  });
});

describe("a route that refused two tokens within 30 s", () => {
  /** `/closed` refuses every token, and everything else accepts every one. */
  const halfClosed: Handler = ({ url }) => (url.includes("/closed") ? refuse() : Response.json({}));

  test("has its 401 returned while other routes go on, and is tried again half a minute later", async () => {
    const events: ClientEvent[] = [];
    const { client, logins, seen, advance } = await createSpreadAcorn(halfClosed, {
      onEvent: (event: ClientEvent) => events.push(event),
    });
    for (let call = 0; call < 20; call++) {
      expect((await client.fetch(`${API}/closed?page=${call}`)).status).toBe(401);
      expect((await client.fetch(`${API}/open`)).status).toBe(200);
    }
    expect(logins()).toBe(2);
    expect(seen.filter(({ url }) => url.includes("/closed"))).toHaveLength(22);
    expect(events.at(-1)).toEqual({ type: "request.not_replayed", reason: "route" });
    advance(30_000);
    await client.fetch(`${API}/closed`);
    expect(logins()).toBe(3);
  });

  test("is told from the same path with another method", async () => {
    const { client, logins } = await createSpreadAcorn(({ method }) =>
      method === "PUT" ? refuse() : Response.json({}),
    );
    await client.fetch(`${API}/a`, { method: "put" });
    await client.fetch(`${API}/a`, { method: "PUT" });
    expect(logins()).toBe(2);
    expect((await client.fetch(`${API}/a`)).status).toBe(200);
  });

  test("is forgotten once it accepts a token", async () => {
    const { accepted, handler } = accepting();
    const { client, logins } = await createSpreadAcorn(handler);
    expect((await client.fetch(`${API}/a`)).status).toBe(401);
    accepted.add("token-2");
    expect((await client.fetch(`${API}/a`)).status).toBe(200);
    accepted.delete("token-2");
    accepted.add("token-3");
    expect((await client.fetch(`${API}/a`)).status).toBe(200);
    expect(logins()).toBe(3);
  });
});

describe("an origin where two replays within 30 s did not help", () => {
  test("has every 401 returned: a thousand paths cost two exchanges", async () => {
    const { client, logins } = await createSpreadAcorn(refuse);
    for (let path = 0; path < 1000; path++) expect((await client.fetch(`${API}/${path}`)).status).toBe(401);
    expect(logins()).toBe(3);
  });

  test("nor do a thousand uploads that cannot be sent again cost more", async () => {
    const { client, logins } = await createSpreadAcorn(refuse);
    for (let path = 0; path < 1000; path++) {
      const body = new ReadableStream({ start: (controller) => controller.close() });
      await client.fetch(`${API}/${path}`, { method: "POST", body, duplex: "half" } as RequestInit);
    }
    expect(logins()).toBeLessThanOrEqual(3);
  });

  test("is tried again half a minute later", async () => {
    const { client, logins, advance } = await createSpreadAcorn(refuse);
    for (const path of "abc") await client.fetch(`${API}/${path}`);
    expect(logins()).toBe(3);
    advance(30_000);
    await client.fetch(`${API}/d`);
    expect(logins()).toBe(4);
  });

  test("is tried again once it accepts a request", async () => {
    const { client, logins } = await createSpreadAcorn(({ url }) =>
      url.endsWith("/open") ? Response.json({}) : refuse(),
    );
    for (const path of ["a", "b", "c", "open", "d"]) await client.fetch(`${API}/${path}`);
    expect(logins()).toBe(4);
  });

  test("does not keep another origin from being tried", async () => {
    const other = "https://data.acorn.example";
    const { client, logins } = await createSpreadAcorn(refuse, { origins: [other] });
    for (const path of "abc") await client.fetch(`${API}/${path}`);
    await client.fetch(`${other}/a`);
    expect(logins()).toBe(4);
  });
});

describe("a new token that is refused", () => {
  beforeEach(() => void vi.setTimerTickMode("manual"));
  const settle = () => new Promise((resolve) => setImmediate(resolve));

  /** A vendor whose tokens are known everywhere only after a while. */
  function spreading(afterMs: number, options: object = {}) {
    const { clock, advance } = createFakeClock();
    const start = clock.monotonic();
    const { client, seen, logins } = createAcorn(
      except(() => (clock.monotonic() - start < afterMs ? refuse() : Response.json({}))),
      { clock, ...options },
    );
    const pass = async (ms: number) => {
      await settle();
      advance(ms);
      await vi.advanceTimersByTimeAsync(ms);
      await settle();
    };
    return { client, seen, logins, pass };
  }

  test("is sent once more after 750 ms, by all who sent it, and no other is obtained", async () => {
    const { client, seen, logins, pass } = spreading(700);
    const calls = Promise.all([1, 2, 3].map((id) => client.fetch(`${API}/${id}`)));
    await pass(749);
    expect(seen).toHaveLength(4);
    await pass(1);
    expect((await calls).map(({ status }) => status)).toEqual([200, 200, 200]);
    expect([seen.length, logins()]).toEqual([7, 1]);
  });

  test("is given up after one pause", async () => {
    const { client, seen, logins, pass } = spreading(1400);
    const call = client.fetch(`${API}/a`);
    await pass(750);
    await pass(750);
    expect((await call).status).toBe(200);
    expect(logins()).toBe(2);
    expect(seen.filter(({ url }) => url.endsWith("/a")).map(tokenOf)).toEqual([
      "token-1",
      "token-1",
      "token-2",
      "token-2",
    ]);
  });

  test("is not waited for by who sent it after the pause", async () => {
    const { client, logins, pass } = spreading(1e9);
    const first = client.fetch(`${API}/a`);
    await pass(750);
    await pass(750);
    expect((await first).status).toBe(401);
    // Nothing moves the timers here, so a pause would never end.
    expect((await client.fetch(`${API}/a`)).status).toBe(401);
    expect(logins()).toBe(2);
  });

  test("is not waited for where it is 2 s old, or was accepted before", async () => {
    const { accepted, handler } = accepting("token-2");
    const { client, logins } = await createSpreadAcorn(handler);
    expect((await client.fetch(`${API}/a`)).status).toBe(200);
    accepted.delete("token-2");
    accepted.add("token-3");
    expect((await client.fetch(`${API}/a`)).status).toBe(200);
    expect(logins()).toBe(3);
  });

  test("is not sent once more for a request that can be sent only once", async () => {
    const { client, seen } = spreading(1e9);
    const body = (async function* () {
      yield new Uint8Array(3);
    })();
    const upload = { method: "POST", body, duplex: "half" } as unknown as RequestInit;
    expect((await client.fetch(`${API}/a`, upload)).status).toBe(401);
    expect(seen).toHaveLength(2);
  });

  test("is not waited for longer than its caller waits", async () => {
    const { client, pass, seen } = spreading(1e9);
    const controller = new AbortController();
    const call = client.fetch(`${API}/a`, { signal: controller.signal }).catch((reason: unknown) => reason);
    await pass(10);
    controller.abort();
    expect(await call).toBe(controller.signal.reason);
    expect(vi.getTimerCount()).toBe(0);
    expect(seen).toHaveLength(2);
  });

  test("that a store held is as old as it is", async () => {
    const { clock } = createFakeClock();
    const held = { accessToken: "token-0", issuedAt: clock.now() - 60_000, expiresAt: clock.now() + 60_000 };
    const store = { get: () => held, set: () => undefined, delete: () => undefined };
    const { client, logins } = createAcorn(except(accepting("token-1").handler), { clock, store });
    expect((await client.fetch(`${API}/a`)).status).toBe(200);
    expect(logins()).toBe(1);
  });
});
