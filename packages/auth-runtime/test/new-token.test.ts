import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createAcorn, except } from "./acorn.ts";
import { createFakeClock } from "./scripted-source.ts";
import { accepting, createSpreadAcorn, refuse, tokenOf } from "./spread-acorn.ts";

const API = "https://api.acorn.example";
describe("a new token that is refused", () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
  afterEach(() => void vi.useRealTimers());
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

  test("is waited for no longer by who sent it later", async () => {
    const { client, logins, pass } = spreading(750);
    const calls = [client.fetch(`${API}/a`)];
    await pass(500);
    calls.push(client.fetch(`${API}/b`));
    await pass(250);
    expect((await Promise.all(calls)).map(({ status }) => status)).toEqual([200, 200]);
    expect(logins()).toBe(1);
  });

  test("is known by a server that forbids what it is sent for", async () => {
    const { client, seen } = await createSpreadAcorn((request) => {
      if (tokenOf(request) === "token-3") return Response.json({});
      return request.url.endsWith("/forbidden") && tokenOf(request) === "token-2"
        ? new Response(null, { status: 403 })
        : refuse();
    });
    expect((await client.fetch(`${API}/forbidden`)).status).toBe(403);
    expect((await client.fetch(`${API}/a`)).status).toBe(200);
    expect(seen.filter(({ url }) => url.endsWith("/a")).map(tokenOf)).toEqual(["token-2", "token-3"]);
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

  test("is not waited for where the deadline of an operation comes first: the 401 is told", async () => {
    const { client, pass, seen } = spreading(1e9);
    const call = client.getThing({ id: "1" }, { timeoutMs: 700 }).catch((error: unknown) => error);
    await pass(10);
    expect(await call).toMatchObject({ status: 401 });
    expect(vi.getTimerCount()).toBe(0);
    expect(seen.filter(({ url }) => url.includes("/things/"))).toHaveLength(2);
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
