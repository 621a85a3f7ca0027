import { expect, test } from "vitest";
import type { StoredToken, TokenStore } from "../src/index.ts";

/** What every token store has to do; call it with a function that makes an empty one. */
export function storeContract(create: () => TokenStore | Promise<TokenStore>): void {
  const token: StoredToken = {
    accessToken: "example-token",
    issuedAt: 1_700_000_000_000,
    expiresAt: 1_700_000_060_000,
  };

  test("returns nothing for a key it does not hold", async () => {
    expect(await (await create()).get("a")).toBeUndefined();
  });
  test("returns what was set, times and all", async () => {
    const store = await create();
    await store.set("a", token);
    expect(await store.get("a")).toEqual(token);
    await store.set("a", { ...token, expiresAt: null });
    expect(await store.get("a")).toEqual({ ...token, expiresAt: null });
  });
  test("keeps keys apart, however alike", async () => {
    const store = await create();
    await store.set('["a","b"]', token);
    expect(await store.get('["a","B"]')).toBeUndefined();
    expect(await store.get('["a","b"] ')).toBeUndefined();
  });
  test("forgets what was deleted, and nothing else, even twice", async () => {
    const store = await create();
    await store.set("a", token);
    await store.set("b", token);
    await store.delete("a");
    await store.delete("a");
    expect([await store.get("a"), await store.get("b")]).toEqual([undefined, token]);
  });
}
