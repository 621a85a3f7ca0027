import { describe, expect, test } from "vitest";
import { createVendorClient, type StoredToken, type TokenStore } from "../src/index.ts";
import { type Acorn, acorn, createAcorn, credentials, except } from "./acorn.ts";
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
    const [key = ""] = entries.keys();
    const { package: name } = acorn;
    expect(JSON.parse(key).slice(0, 4)).toEqual([name, "token", "https://api.acorn.example", [["user", "someone"]]]);
    expect(key).not.toContain(credentials.password);
  });

  test("tells credentials apart that are no strings", async () => {
    const { store, entries } = createMemory();
    const vendor = { ...acorn, credentials: { ...acorn.credentials, password: { secret: true, any: true } } } as const;
    for (const password of [{ a: "x" }, { a: "y" }]) {
      const fetch = async () => Response.json({ token: "t", expiresIn: 60 });
      await createVendorClient<Acorn>(vendor, { ...credentials, password, server: "main", store, fetch }).getToken();
    }
    expect(entries.size).toBe(2);
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

  test("keeps what another process stored since, when a token is refused", async () => {
    const { store, entries } = createMemory();
    const { client } = createAcorn(ok, { store });
    const token = await client.getToken();
    const [[key = "", kept] = []] = entries;
    const newer = { ...(kept as StoredToken), accessToken: "newer" };
    entries.set(key, newer);
    client.invalidate(token);
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(entries.get(key)).toEqual(newer);
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
      { accessToken: "a", issuedAt: String(now), expiresAt: String(now + 60_000) },
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
