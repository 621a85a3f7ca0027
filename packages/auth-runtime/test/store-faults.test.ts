import { describe, expect, test } from "vitest";
import type { StoredToken, TokenStore } from "../src/index.ts";
import { createAcorn, except } from "./acorn.ts";
import { createFakeClock } from "./scripted-source.ts";

const ok = except(() => Response.json({}));
const nothing = () => undefined;
/** What makes an object a promise of a kind. */
const THEN: string = "then";
const settle = async () => {
  for (let turn = 0; turn < 30; turn++) await new Promise((resolve) => setImmediate(resolve));
};
const boom = (): never => {
  throw new Error("the row is gone: redis://user:example-password@host");
};

describe("whatever a store does is as if it held nothing:", () => {
  const { clock } = createFakeClock();
  const good = { accessToken: "stored", issuedAt: clock.now(), expiresAt: clock.now() + 600_000 };
  const throwing = (member: string) => Object.defineProperty({ ...good }, member, { get: boom, enumerable: true });
  const trap = new Proxy({}, { get: boom, has: boom, ownKeys: boom, getPrototypeOf: boom });
  const selfResolving: object = {
    // A thenable of the store's own.
    ...thenable((resolve) => resolve(selfResolving)),
  };
  function thenable(then: (resolve: (value: unknown) => void, reject: (reason: unknown) => void) => void) {
    return { [THEN]: then };
  }
  const answers: [string, () => unknown][] = [
    ["it throws", boom],
    ["it throws nothing", () => Promise.reject(undefined)],
    ["it rejects", () => Promise.reject(new Error("down"))],
    ["its accessToken throws", () => throwing("accessToken")],
    ["its issuedAt throws", () => throwing("issuedAt")],
    ["its expiresAt throws", () => throwing("expiresAt")],
    ["its more throws", () => throwing("more")],
    ["all of it throws", () => trap],
    ["a promise of what throws", () => Promise.resolve(throwing("accessToken"))],
    ["its then throws when it is read", () => Object.defineProperty({}, THEN, { get: boom })],
    ["its then throws", () => thenable(boom)],
    ["its then rejects twice", () => thenable((_, reject) => [1, 2].forEach(reject))],
    ["its then gives nonsense and then throws", () => thenable((resolve) => boom.call(resolve(1)))],
    ["its then gives itself", () => selfResolving],
    ["symbols", () => ({ accessToken: Symbol("a"), issuedAt: Symbol("b"), expiresAt: Symbol("c") })],
    ["a function", () => boom],
    ["a list", () => [good]],
    ["a boxed token", () => ({ ...good, accessToken: Object("stored") })],
    ["an endless bigint", () => ({ ...good, expiresAt: 2n ** 70n })],
  ];
  test.each(answers)("%s", async (_, answer) => {
    const store = { get: answer, set: answer, delete: answer } as TokenStore;
    const { client, logins } = createAcorn(ok, { store, clock });
    const token = await client.getToken();
    expect(token.accessToken).toBe("token-1");
    client.invalidate(token);
    expect((await client.getToken()).accessToken).toBe("token-2");
    expect(logins()).toBe(2);
    await client.settled();
    await settle();
  });

  test("a thenable that gives a token twice gives it once", async () => {
    const get = () => thenable((resolve) => [good, { ...good, accessToken: "other" }].forEach(resolve)) as never;
    const { client } = createAcorn(ok, { store: { get, set: nothing, delete: nothing }, clock });
    expect((await client.getToken()).accessToken).toBe("stored");
  });

  test("what it changes of a token it was given to keep is its own", async () => {
    const set = (_: string, token: StoredToken) => void Object.assign(token, { accessToken: "changed", expiresAt: 0 });
    const { client } = createAcorn(ok, { store: { get: nothing, set, delete: nothing }, clock });
    expect(await client.getToken()).toMatchObject({ accessToken: "token-1" });
    expect(await client.getToken()).toMatchObject({ accessToken: "token-1" });
  });
});

describe("a stored token from the future", () => {
  const storeOf = (issuedAt: number) => ({
    get: () => ({ accessToken: "stored", issuedAt, expiresAt: issuedAt + 600_000 }),
    set: nothing,
    delete: nothing,
  });

  test.each([60_001, 600_000, 1e15])("is not believed %i ms ahead", async (aheadMs) => {
    const { clock } = createFakeClock();
    const { client } = createAcorn(ok, { clock, store: storeOf(clock.now() + aheadMs) });
    expect((await client.getToken()).accessToken).toBe("token-1");
  });

  test.each([1, 60_000])(
    "%i ms ahead is one of a clock that is ahead: it lives for its lifetime from now",
    async (ms) => {
      const { clock, advance, jump } = createFakeClock();
      const { client } = createAcorn(ok, { clock, store: storeOf(clock.now() + ms) });
      expect(await client.getToken()).toEqual({ accessToken: "stored", expiresAt: clock.now() + 600_000 });
      // By the wall clock alone, as after the machine has slept.
      jump(599_000);
      expect((await client.getToken()).accessToken).not.toBe("stored");
      advance(1000);
    },
  );
});
