import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createVendorClient, type StoredToken, type TokenStore, type Vendor } from "../src/index.ts";
import { type Acorn, acorn, createAcorn, credentials, except } from "./acorn.ts";
import { createFakeClock } from "./scripted-source.ts";

const ok = except(() => Response.json({}));
const never = () => new Promise<never>(() => undefined);
const nothing = () => undefined;
const settle = async () => {
  for (let turn = 0; turn < 30; turn++) await new Promise((resolve) => setImmediate(resolve));
};

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

  /** A store whose writes take as long as is said when they begin. */
  function createSlow(writeMs: () => number) {
    const entries = new Map<string, StoredToken>();
    const write = async (work: () => unknown) => {
      await new Promise((resolve) => setTimeout(resolve, writeMs()));
      work();
    };
    const store: TokenStore = {
      get: (key) => entries.get(key),
      set: (key, token) => write(() => entries.set(key, token)),
      delete: (key) => write(() => entries.delete(key)),
    };
    return { entries, store };
  }

  test("a refused token is deleted after it was stored, however slow that is", async () => {
    const { entries, store } = createSlow(() => 800);
    const { client } = createAcorn(ok, { store });
    const first = client.getToken();
    expect(await elapsed(first)).toBe(50);
    client.invalidate(await first);
    await elapsed(client.settled());
    expect(entries.size).toBe(0);
  });

  test("writes of one token follow one another: the last one stays", async () => {
    let writeMs = 800;
    const { entries, store } = createSlow(() => writeMs);
    const { client } = createAcorn(ok, { store });
    await elapsed(client.getToken());
    writeMs = 0;
    await elapsed(client.getToken({ force: true }));
    await elapsed(client.settled());
    expect([...entries.values()].map(({ accessToken }) => accessToken)).toEqual(["token-2"]);
  });

  test("settled() waits for a deletion that is asked for while it waits", async () => {
    const { entries, store } = createSlow(() => 400);
    const { client } = createAcorn(ok, { store });
    const first = client.getToken();
    await elapsed(first);
    const settled = client.settled();
    client.invalidate(await first);
    expect(await elapsed(settled)).toBe(750);
    expect(entries.size).toBe(0);
  });

  test("a clock that breaks while a write hangs rejects nothing", async () => {
    const { clock } = createFakeClock();
    const work: Promise<unknown>[] = [];
    const { client } = createAcorn(ok, {
      clock,
      waitUntil: (promise: Promise<unknown>) => work.push(promise),
      store: { get: nothing, set: never, delete: nothing },
    });
    await elapsed(client.getToken());
    clock.monotonic = () => Number.NaN;
    await vi.advanceTimersByTimeAsync(1000);
    expect(await Promise.all(work)).toEqual([undefined]);
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
