import { describe, expect, test } from "vitest";
import type { ClientEvent, StoredToken, TokenStore } from "../src/index.ts";
import { createAcorn, except } from "./acorn.ts";
import { createFakeClock } from "./scripted-source.ts";
import { storeContract } from "./store-contract.ts";

const ok = except(() => Response.json({}));
const createMemory = () => {
  const entries = new Map<string, StoredToken>();
  const store: TokenStore = {
    get: (key) => entries.get(key),
    set: (key, token) => void entries.set(key, token),
    delete: (key) => void entries.delete(key),
  };
  return { entries, store };
};

describe("a Map is a token store", () => storeContract(() => createMemory().store));
describe("so is one that answers later", () => {
  storeContract(() => {
    const { store } = createMemory();
    return {
      get: async (key) => store.get(key),
      set: async (key, token) => store.set(key, token),
      delete: async (key) => store.delete(key),
    };
  });
});

describe("a shared store", () => {
  test("serves a token to the next process, with the time it has left", async () => {
    const { clock, advance } = createFakeClock();
    const { store } = createMemory();
    const [first, second] = [createAcorn(ok, { store, clock }), createAcorn(ok, { store, clock })];
    const issued = await first.client.getToken();
    advance(1000);
    expect(await second.client.getToken()).toEqual(issued);
    expect(second.logins()).toBe(0);
    advance(3_600_000);
    await second.client.getToken();
    expect(second.logins()).toBe(1);
  });

  test("serves nobody another's token: another tenant, server or password has another key", async () => {
    const { store, entries } = createMemory();
    for (const options of [
      {},
      { user: "another" },
      { password: "another-password" },
      { server: "https://b.example" },
      { scope: "x" },
    ]) {
      const { client, logins } = createAcorn(ok, { store, ...options });
      await client.getToken();
      expect(logins()).toBe(1);
    }
    expect(entries.size).toBe(5);
  });

  test("is told when its token is refused, and is not asked for it again", async () => {
    const { store, entries } = createMemory();
    const { client, logins } = createAcorn(ok, { store });
    const token = await client.getToken();
    client.invalidate(token);
    expect((await client.getToken()).accessToken).toBe("token-2");
    expect(logins()).toBe(2);
    expect([...entries.values()].map(({ accessToken }) => accessToken)).toEqual(["token-2"]);
  });

  test("loses a refused token even if no other can be obtained, and keeps one that another process stored", async () => {
    const { store, entries } = createMemory();
    let logins = 0;
    const { client } = createAcorn(
      ({ url }) =>
        url.endsWith("/login") && logins++ === 0
          ? new Response(null, { status: 599 })
          : Response.json({}, { status: 400 }),
      { store },
    );
    const turn = () => new Promise((resolve) => setImmediate(resolve));
    const token = await client.getToken();
    const [[key, kept] = []] = entries;
    client.invalidate(token);
    await turn();
    expect(entries.size).toBe(0);
    await client.getToken().catch(() => undefined);
    const newer = { ...(kept as StoredToken), accessToken: "newer" };
    entries.set(key as string, newer);
    expect((await client.getToken()).accessToken).toBe("newer");
    client.invalidate("another");
    await turn();
    expect([...entries.values()]).toEqual([newer]);
  });

  test("keeps a token without a lifetime as one without a lifetime", async () => {
    const { store, entries } = createMemory();
    store.set("x", { accessToken: "a", issuedAt: 1, expiresAt: null });
    const { clock, advance } = createFakeClock();
    const stored = { accessToken: "for-ever", issuedAt: clock.now() - 1, expiresAt: null };
    const { client, logins } = createAcorn(ok, { clock, store: { ...store, get: () => stored } });
    expect(await client.getToken()).toEqual({ accessToken: "for-ever", expiresAt: null });
    advance(1e12);
    await client.getToken();
    expect([logins(), entries.size]).toEqual([0, 1]);
  });

  test("counts a token's age on both clocks", async () => {
    const { clock, advance, jump } = createFakeClock();
    const { store } = createMemory();
    await createAcorn(ok, { store, clock }).client.getToken();
    advance(3_000_000);
    const { client, logins } = createAcorn(ok, { store, clock });
    await client.getToken();
    jump(-3_600_000);
    advance(600_000);
    await client.getToken();
    expect(logins()).toBe(1);
  });

  test("that holds nonsense, or a token about to expire, is as good as empty", async () => {
    const now = Date.now();
    const useless = [
      null,
      "x",
      {},
      { accessToken: "a b", issuedAt: now, expiresAt: null },
      { accessToken: "a", issuedAt: "x", expiresAt: null },
      { accessToken: "a", issuedAt: now - 60_000, expiresAt: now + 100 },
    ];
    for (const stored of useless) {
      const store = { get: () => stored, set: () => undefined, delete: () => undefined };
      const { client } = createAcorn(ok, { store });
      expect((await client.getToken()).accessToken).toBe("token-1");
    }
  });

  test("that fails in every way costs a request and loses no token", async () => {
    const fail = () => Promise.reject(new Error("the store is down"));
    const { client, logins } = createAcorn(ok, { store: { get: fail, set: fail, delete: fail } });
    const token = await client.getToken();
    expect(await client.getToken()).toBe(token);
    client.invalidate(token);
    await client.getToken();
    expect(logins()).toBe(2);
  });

  test.each([{}, { get: () => undefined }, { get: 1, set: 1, delete: 1 }])("that is none is refused: %j", (store) => {
    expect(() => createAcorn(ok, { store })).toThrow("store has to have the functions get, set, delete");
  });
});

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

  test.each([400, 401])("answered %i falls through to an exchange", async (status) => {
    const { token, logins } = await inWindow(status);
    expect([token, logins()]).toEqual(["token-2", 2]);
  });

  test("answered 500 leaves the token as it is and is reported", async () => {
    const { token, logins, events } = await inWindow(500);
    expect([token, logins()]).toEqual(["token-1", 1]);
    expect(events.at(-1)).toMatchObject({ type: "token.refresh_failed", code: "unexpected_status" });
  });

  test("is never used after an invalidation", async () => {
    const { client, seen, logins } = createAcorn(renewing(200));
    client.invalidate(await client.getToken());
    await client.getToken();
    expect([logins(), seen.some(({ url }) => url.endsWith("/renew"))]).toEqual([2, false]);
  });
});
