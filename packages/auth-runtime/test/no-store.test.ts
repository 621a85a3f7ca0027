import { afterEach, describe, expect, test, vi } from "vitest";
import { createVendorClient } from "../src/index.ts";
import { type Acorn, acorn, credentials, rejection, type Untyped } from "./acorn.ts";

const API = "https://api.acorn.example";
afterEach(() => {
  vi.unstubAllGlobals();
});

/** What each request said of caches, by its path. */
function createRecorded() {
  const caches: Record<string, unknown> = {};
  const fetch = async (input: unknown, init?: RequestInit) => {
    const { url = String(input), cache } = Object(input) as Partial<Request>;
    caches[url.slice(API.length)] = init?.cache ?? cache;
    return Response.json({ token: "token-1", expiresIn: 3600 });
  };
  const client = createVendorClient<Acorn>(acorn, { ...credentials, server: "main", fetch });
  return { client, typed: client.client as unknown as Untyped, caches };
}

describe("a framework that caches fetch is asked to store nothing", () => {
  test("of exchanges, refreshes and operations", async () => {
    const { client, caches } = createRecorded();
    await client.getThing({ id: "1" });
    await client.openThing({ name: "x" });
    await client.renew();
    const stored = { "/login": "no-store", "/things/1": "no-store", "/open": "no-store", "/renew": "no-store" };
    expect(caches).toEqual(stored);
  });

  test("of fetch and client, unless their caller says something of caches", async () => {
    const { client, typed, caches } = createRecorded();
    await client.fetch(`${API}/plain`);
    await client.fetch(`${API}/undefined`, { cache: undefined, next: undefined } as object);
    await client.fetch(`${API}/cache`, { cache: "force-cache" });
    await client.fetch(`${API}/next`, { next: { revalidate: 60 } } as object);
    await client.fetch(new Request(`${API}/request`));
    await client.fetch(`${API}/init`, new Request(`${API}/other`, { cache: "reload" }));
    expect(caches).toMatchObject({
      "/plain": "no-store",
      "/undefined": "no-store",
      "/cache": "force-cache",
      "/next": undefined,
      "/request": "default",
      "/init": "reload",
    });
    const of: unknown[] = [];
    for (const init of [{}, { cache: "no-cache" }, { next: { tags: ["a"] } }]) {
      await typed.GET("/ping", init);
      of.push(caches["/ping"]);
    }
    expect(of).toEqual(["no-store", "no-cache", undefined]);
  });

  test("of nothing where the runtime does not know it, or makes another URL of it", async () => {
    class Old {}
    for (const [name, value] of [
      ["navigator", { product: "ReactNative" }],
      ["Request", Old],
      ["Request", undefined],
    ] as const) {
      vi.stubGlobal(name, value);
      const { client, typed, caches } = createRecorded();
      await client.getThing({ id: "1" });
      await client.fetch(`${API}/plain`);
      await typed.GET("/ping");
      expect(Object.keys(caches)).toHaveLength(4);
      expect(Object.values(caches)).toEqual([undefined, undefined, undefined, undefined]);
      vi.unstubAllGlobals();
    }
  });
});

describe("what Next.js throws to have a page rendered on request", () => {
  /** Next's own error names the URL, and a key may stand in its query. */
  const thrown = (input: unknown) =>
    Object.assign(new Error(`Dynamic server usage: no-store fetch ${input}`), { digest: "DYNAMIC_SERVER_USAGE" });
  const calls: [string, (client: Acorn) => Promise<unknown>][] = [
    ["getToken", (client) => client.getToken()],
    ["an operation", (client) => client.listKeys()],
    ["an operation that needs a token", (client) => client.getThing({ id: "1" })],
    ["client", (client) => (client.client as unknown as Untyped).GET("/keys")],
    ["fetch", (client) => client.fetch(`${API}/a`)],
  ];
  const fail = vi.fn(async (input: unknown) => {
    throw thrown(input);
  });
  test.each(calls)("reaches it through %s with its mark and no secret, after one request", async (_, call) => {
    for (const options of [{ fetch: fail }, {}]) {
      fail.mockClear();
      vi.stubGlobal("fetch", fail);
      const client = createVendorClient<Acorn>(acorn, { ...credentials, server: "main", ...options });
      const error = await rejection(call(client));
      expect(error["digest"]).toBe("DYNAMIC_SERVER_USAGE");
      expect(error.message).toContain("Dynamic server usage");
      expect(`${error.message} ${error.stack}`).not.toContain(credentials.apiKey);
      expect(fail).toHaveBeenCalledOnce();
      vi.unstubAllGlobals();
    }
  });
});
