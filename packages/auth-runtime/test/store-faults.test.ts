import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createVendorClient, type StoredToken, type TokenStore, type Vendor } from "../src/index.ts";
import { type Acorn, acorn, createAcorn, credentials, except } from "./acorn.ts";
import { createFakeClock } from "./scripted-source.ts";

const ok = except(() => Response.json({}));
const never = () => new Promise<never>(() => undefined);
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

describe("the time a store may cost", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    // The real one takes real time, on another thread.
    vi.spyOn(crypto.subtle, "digest").mockResolvedValue(new ArrayBuffer(32));
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  /** Resolves with the time by the fake timers that a promise took. */
  async function elapsed(work: Promise<unknown>): Promise<number> {
    let isDone = false;
    work.finally(() => {
      isDone = true;
    });
    for (let ms = 0; ; ms++) {
      await settle();
      if (isDone) return ms;
      await vi.advanceTimersByTimeAsync(1);
    }
  }

  test("one that never answers costs its second once, and is then left alone for 30 s", async () => {
    const { clock, advance } = createFakeClock();
    let uses = 0;
    const hang = () => {
      uses++;
      return never();
    };
    const { client } = createAcorn(ok, { clock, store: { get: hang, set: hang, delete: hang } });
    expect(await elapsed(client.getToken())).toBe(1000);
    for (let call = 0; call < 5; call++) {
      client.invalidate(await client.getToken());
      expect(await elapsed(client.getToken())).toBe(0);
    }
    advance(29_999);
    client.invalidate(await client.getToken());
    expect(await elapsed(client.getToken())).toBe(0);
    expect(uses).toBe(1);
    advance(1);
    client.invalidate(await client.getToken());
    await elapsed(client.getToken());
    expect(uses).toBeGreaterThan(1);
  });

  test("is that of a store that hangs, for all schemes of a client together", async () => {
    const { token } = acorn.schemes;
    const { ping } = acorn.operations;
    const second = { ...ping, security: ["second"] };
    const vendor = {
      ...acorn,
      schemes: { ...acorn.schemes, second: token },
      operations: { ...acorn.operations, ping: second },
    } as Vendor;
    let reads = 0;
    const get = () => {
      reads++;
      return never();
    };
    const fetch = async () => Response.json({ token: "example-token", expiresIn: 3600 });
    const options = { ...credentials, server: "main", fetch, store: { get, set: nothing, delete: nothing } };
    const client = createVendorClient<Acorn>(vendor, options);
    expect(await elapsed(client.getToken())).toBe(1000);
    expect(await elapsed(client.ping())).toBe(0);
    expect(reads).toBe(1);
  });

  test.each([49, 50, 400])("a write of %i ms is waited for 50 ms at the most, and goes on", async (ms) => {
    let stored = 0;
    const set = async () => {
      await new Promise((resolve) => setTimeout(resolve, ms));
      stored++;
    };
    const { client } = createAcorn(ok, { store: { get: nothing, set, delete: nothing } });
    expect(await elapsed(client.getToken())).toBe(Math.min(ms, 50));
    await elapsed(client.settled());
    expect(stored).toBe(1);
  });

  test("a write that never ends costs 50 ms, and no other write follows for 30 s", async () => {
    const { clock, advance } = createFakeClock();
    let sets = 0;
    const set = () => {
      sets++;
      return never();
    };
    const { client } = createAcorn(ok, { clock, store: { get: nothing, set, delete: nothing } });
    expect(await elapsed(client.getToken())).toBe(50);
    expect(await elapsed(client.settled())).toBe(950);
    await client.getToken({ force: true });
    expect(sets).toBe(1);
    advance(30_000);
    expect(await elapsed(client.getToken({ force: true }))).toBe(50);
    expect(sets).toBe(2);
  });

  test("a refused token is deleted after it was stored, however slow that is", async () => {
    const entries = new Map<string, StoredToken>();
    const store: TokenStore = {
      get: (key) => entries.get(key),
      set: async (key, token) => {
        await new Promise((resolve) => setTimeout(resolve, 800));
        entries.set(key, token);
      },
      delete: (key) => void entries.delete(key),
    };
    const { client } = createAcorn(ok, { store });
    const first = client.getToken();
    expect(await elapsed(first)).toBe(50);
    client.invalidate(await first);
    await elapsed(client.settled());
    expect(entries.size).toBe(0);
  });

  test("writes of one token follow one another: the last one stays", async () => {
    const entries = new Map<string, StoredToken>();
    let delayMs = 800;
    const store: TokenStore = {
      get: (key) => entries.get(key),
      set: async (key, token) => {
        await new Promise((resolve) => setTimeout(resolve, delayMs));
        entries.set(key, token);
      },
      delete: (key) => void entries.delete(key),
    };
    const { client } = createAcorn(ok, { store });
    await elapsed(client.getToken());
    delayMs = 0;
    await elapsed(client.getToken({ force: true }));
    await elapsed(client.settled());
    expect([...entries.values()].map(({ accessToken }) => accessToken)).toEqual(["token-2"]);
  });

  test("settled() waits for a deletion that is asked for while it waits", async () => {
    const entries = new Map<string, StoredToken>();
    const store: TokenStore = {
      get: (key) => entries.get(key),
      set: async (key, token) => {
        await new Promise((resolve) => setTimeout(resolve, 400));
        entries.set(key, token);
      },
      delete: async (key) => {
        await new Promise((resolve) => setTimeout(resolve, 400));
        entries.delete(key);
      },
    };
    const { client } = createAcorn(ok, { store });
    const first = client.getToken();
    await elapsed(first);
    const settled = client.settled();
    client.invalidate(await first);
    expect(await elapsed(settled)).toBe(750);
    expect(entries.size).toBe(0);
  });

  test("is over for settled() where a write died with the request it belonged to", async () => {
    const { client } = createAcorn(ok, { store: { get: nothing, set: never, delete: nothing } });
    await elapsed(client.getToken());
    // The runtime ends the timers of a request with it.
    vi.clearAllTimers();
    expect(await elapsed(client.settled())).toBe(2000);
    expect(await elapsed(client.settled())).toBe(0);
  });
});

describe("settled()", () => {
  test("resolves at once where nothing is being stored, without a store too", async () => {
    const { client } = createAcorn(ok);
    expect(await client.settled()).toBeUndefined();
    await client.getToken();
    expect(await client.settled()).toBeUndefined();
  });

  test("never rejects, whatever a store or a clock does", async () => {
    const { clock } = createFakeClock();
    const reject = () => Promise.reject(new Error("down"));
    const { client } = createAcorn(ok, { clock, store: { get: reject, set: reject, delete: reject } });
    client.invalidate(await client.getToken());
    clock.monotonic = () => Number.NaN;
    expect(await client.settled()).toBeUndefined();
  });
});

describe("waitUntil", () => {
  test("is handed the writes to a store, which never reject", async () => {
    const work: Promise<unknown>[] = [];
    const reject = () => Promise.reject(new Error("down"));
    const { client } = createAcorn(ok, {
      store: { get: reject, set: reject, delete: reject },
      waitUntil: (promise: Promise<unknown>) => work.push(promise),
    });
    client.invalidate(await client.getToken());
    expect(work).toHaveLength(2);
    await Promise.all(work);
  });

  test("that throws, as a method without its object does, costs no token", async () => {
    const { clock, advance } = createFakeClock();
    const { client } = createAcorn(ok, {
      clock,
      store: { get: nothing, set: nothing, delete: nothing },
      waitUntil: () => {
        throw new TypeError("Illegal invocation");
      },
    });
    await client.getToken();
    advance(3_600_000 - 60_000);
    expect((await client.getToken()).accessToken).toBe("token-1");
    await settle();
    expect((await client.getToken()).accessToken).toBe("token-2");
  });
});
