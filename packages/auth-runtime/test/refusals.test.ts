import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { ClientEvent } from "../src/index.ts";
import { createAcorn, except, type Handler } from "./acorn.ts";
import { createFakeClock } from "./scripted-source.ts";
import { accepting, createSpreadAcorn, refuse } from "./spread-acorn.ts";

const API = "https://api.acorn.example";

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

describe("a token that was revoked together with the refused one", () => {
  test("from a store is no proof against its route: the next call logs in", async () => {
    const { clock, advance } = createFakeClock();
    const held = { accessToken: "token-0", issuedAt: clock.now(), expiresAt: clock.now() + 3_600_000 };
    let stored: unknown;
    // It never forgets a token, as a replica of a store may.
    const store = { get: () => stored, set: () => undefined, delete: () => undefined };
    const { accepted, handler } = accepting("token-1");
    const { client, logins } = createAcorn(except(handler), { clock, store });
    await client.fetch(`${API}/a`);
    advance(10_000);
    stored = held;
    accepted.clear();
    accepted.add("token-2");
    const statuses: number[] = [];
    for (let call = 0; call < 4; call++) statuses.push((await client.fetch(`${API}/a`)).status);
    expect(statuses.slice(1)).toEqual([200, 200, 200]);
    expect(logins()).toBe(2);
  });

  test("is known by its late 401, which says nothing about the route", async () => {
    const late = Promise.withResolvers<void>();
    const { accepted, handler } = accepting("token-1");
    const { client, logins } = await createSpreadAcorn(async (request, index) => {
      if (request.url.endsWith("?slow") && request.headers["authorization"] === "Bearer token-1") await late.promise;
      return handler(request, index);
    });
    await client.fetch(`${API}/a`);
    accepted.clear();
    accepted.add("token-2");
    const slow = client.fetch(`${API}/a?slow`);
    expect((await client.fetch(`${API}/a`)).status).toBe(200);
    accepted.clear();
    accepted.add("token-3");
    late.resolve();
    await slow;
    expect((await client.fetch(`${API}/a`)).status).toBe(200);
    expect(logins()).toBe(3);
  });
});

describe("a login that issues the same token again", () => {
  test("is made once for all callers whose token was refused", async () => {
    const { clock, advance } = createFakeClock();
    let logins = 0;
    const fetch = async (input: unknown) => {
      if (!String(input).endsWith("/login")) return refuse();
      logins++;
      return Response.json({ token: "the-same", expiresIn: 3600 });
    };
    const { client } = createAcorn(undefined, { fetch, clock });
    await client.getToken();
    advance(2000);
    await Promise.all(Array.from({ length: 200 }, (_, path) => client.fetch(`${API}/${path}`)));
    expect(logins).toBe(2);
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

  test("is one of a thousand that are remembered", async () => {
    const { client, logins } = await createSpreadAcorn(halfClosed);
    const visit = async (path: number) => {
      await client.fetch(`${API}/closed/${path}`);
      await client.fetch(`${API}/open`);
    };
    for (let path = 1; path <= 1000; path++) await visit(path);
    await visit(1000);
    expect(logins()).toBe(1001);
    await visit(1001);
    await visit(1);
    expect(logins()).toBe(1003);
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

  test("goes on being tried where the replays are half a minute apart", async () => {
    const { client, logins, advance } = await createSpreadAcorn(refuse);
    await client.fetch(`${API}/a`);
    advance(30_000);
    await client.fetch(`${API}/b`);
    await client.fetch(`${API}/c`);
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
