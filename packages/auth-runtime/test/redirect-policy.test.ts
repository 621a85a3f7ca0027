import { describe, expect, test, vi } from "vitest";
import { createVendorClient, type StoredToken, type Vendor } from "../src/index.ts";
import { type Acorn, acorn, createAcorn, credentials, except, rejection, type Untyped } from "./acorn.ts";
import { createFakeClock } from "./scripted-source.ts";

const API = "https://api.acorn.example";

describe("what a redirect may carry", () => {
  const moved = () => new Response(null, { status: 308, headers: { Location: "https://evil.example/" } });
  const redirects: [string, (client: ReturnType<typeof createAcorn>["client"]) => Promise<unknown>][] = [
    ["a key in a header of its own", (client) => client.getHeaderKey()],
    ["a key in the query", (client) => client.listKeys()],
    ["a cookie", (client) => client.getSession()],
    ["a secret in the body", (client) => client.store({ body: { pin: "example-pin" } })],
    [
      "a secret in the body, through client",
      (client) => (client.client as unknown as Untyped)["POST"]("/login", { body: {} }),
    ],
  ];
  test.each(redirects)("%s is never sent after one", async (_, call) => {
    const { client, seen } = createAcorn(moved);
    expect(await rejection(call(client))).toMatchObject({ code: "redirect_refused" });
    expect(seen).toHaveLength(1);
  });

  test("the token in Authorization leaves redirects of fetch to fetch, which takes it off for another origin", async () => {
    const redirects: unknown[] = [];
    const fetch = async (_: unknown, init?: RequestInit) => {
      redirects.push(init?.redirect);
      return Response.json({ token: "t" });
    };
    const { client } = createAcorn(undefined, { fetch });
    await client.fetch(`${API}/a`);
    await client.getThing({ id: "1" });
    await client.openThing({ name: "x" });
    expect(redirects).toEqual(["manual", undefined, "manual", "manual"]);
  });

  test("a redirect that a browser hides is refused too", async () => {
    const hidden = Object.defineProperty(Response.json({}), "type", { value: "opaqueredirect" });
    const { client } = createAcorn(() => hidden);
    expect(await rejection(client.listKeys())).toMatchObject({ code: "redirect_refused" });
  });

  test("a request the caller follows by hand gets the redirect itself", async () => {
    const { client } = createAcorn(except(moved));
    expect((await client.fetch(`${API}/a`, { redirect: "manual" })).status).toBe(308);
    const byHand = new Request(`${API}/keys`, { redirect: "manual" });
    const keyed = createVendorClient<Acorn>(
      { ...acorn, security: ["key"] },
      { ...credentials, server: "main", fetch: moved },
    );
    expect((await keyed.fetch(byHand)).status).toBe(308);
  });
});

const EVIL = "https://evil.example/";
/** What `location` may say, and what of it a message shows. */
const locations: [string, string | undefined, string][] = [
  ["another origin", "https://evil.example/caught?code=example-code#x", " to https://evil.example"],
  ["the same origin", "/elsewhere?code=example-code", " to https://api.acorn.example"],
  ["an origin that holds a secret", `https://${credentials.password}.evil.example/`, ""],
  ["an origin that holds the token", "https://token-1.evil.example/", ""],
  ["a user and a password", "https://someone:example-code@evil.example/", " to https://evil.example"],
  ["a very long origin", `https://${"x".repeat(60)}.${"y".repeat(60)}.example/`, ""],
  ["a scheme of its own", "javascript:alert(1)", ""],
  ["no URL", "https://[", ""],
  ["nothing", undefined, ""],
];

const redirect = (status: number, location?: string, body: ReadableStream | null = null) =>
  new Response(body, { status, headers: location === undefined ? {} : { Location: location } });

const doors: [string, (client: ReturnType<typeof createAcorn>["client"]) => Promise<unknown>][] = [
  ["an operation with a token", (client) => client.getThing({ id: "1" })],
  ["an operation with nothing", (client) => client.ping()],
  ["an operation that changes something", (client) => client.putThing({ id: "1", body: {} })],
  ["client", (client) => (client.client as unknown as Untyped).GET("/ping")],
  ["client with redirect follow", (client) => (client.client as unknown as Untyped).GET("/ping", FOLLOW)],
];
const FOLLOW = { redirect: "follow" };

describe("no redirect is followed by", () => {
  test.each(doors)("%s, whatever its status, and the request is sent once", async (_, call) => {
    for (const status of [301, 302, 303, 307, 308]) {
      const cancel = vi.fn();
      const { client, seen, logins } = createAcorn(
        except(() => redirect(status, EVIL, new ReadableStream({ cancel }))),
      );
      const error = await rejection(call(client));
      expect(error).toMatchObject({ code: "redirect_refused", httpStatus: status });
      expect(seen.length - logins()).toBe(1);
      expect(cancel).toHaveBeenCalledOnce();
    }
  });

  test("an exchange, and no token is obtained", async () => {
    const { client, seen } = createAcorn(() => redirect(307, EVIL));
    expect(await rejection(client.getToken())).toMatchObject({ code: "redirect_refused", operationId: "logIn" });
    expect(seen).toHaveLength(1);
  });

  test("a refresh, and no token of the target is cached or stored", async () => {
    const { clock, advance } = createFakeClock();
    const stored: StoredToken[] = [];
    const store = {
      get: () => undefined,
      set: (_: string, token: StoredToken) => void stored.push(token),
      delete: () => undefined,
    };
    const { client, seen } = createAcorn(
      except(({ url }) => (url.endsWith("/renew") ? redirect(302, EVIL) : Response.json({ token: "stolen" }))),
      { clock, store },
    );
    await client.getToken();
    advance(3_500_000);
    await client.getToken();
    await vi.waitFor(() => expect(seen.some(({ url }) => url.endsWith("/renew"))).toBe(true));
    advance(3_600_000);
    expect((await client.getToken()).accessToken).toMatch(/^token-/);
    expect(stored.map(({ accessToken }) => accessToken)).not.toContain("stolen");
    expect(seen.map(({ url }) => new URL(url).origin)).not.toContain("https://evil.example");
  });

  test.each(locations)(
    "an operation, and of a Location with %s the origin at most is told",
    async (_, location, told) => {
      const { client } = createAcorn(except(() => redirect(302, location)));
      const { message } = await rejection(client.getThing({ id: "1" }));
      expect(message).toBe(
        `[@test/acorn] getThing: was answered with a redirect${told}, which is not followed; check server`,
      );
    },
  );

  test.each(doors)("%s, even where the fetch in use has followed one", async (_, call) => {
    const followed = () =>
      Object.defineProperties(Response.json({ id: "stolen" }), {
        redirected: { value: true },
        url: { value: "https://evil.example/caught?code=example-code" },
      });
    const { client } = createAcorn(except(followed));
    const error = await rejection(call(client));
    expect(error).toMatchObject({ code: "redirect_refused", httpStatus: 200 });
    expect(error.message).toContain("was answered with a redirect, which is not followed");
  });

  test("an operation after which a 401 came, and no other token is tried", async () => {
    const { client, logins } = createAcorn(
      except(() => Object.defineProperty(new Response(null, { status: 401 }), "redirected", { value: true })),
    );
    expect(await rejection(client.getThing({ id: "1" }))).toMatchObject({ code: "redirect_refused" });
    expect(logins()).toBe(1);
  });
});

describe("a redirect is the answer", () => {
  const documented = {
    ...acorn,
    operations: {
      ...acorn.operations,
      ping: { ...acorn.operations.ping, responses: { "2XX": "any", 302: "empty" } },
      listKeys: { ...acorn.operations.listKeys, responses: { "2XX": "json", "3XX": "any" } },
    },
  } as const satisfies Vendor;
  const clientOf = (fetch: () => Promise<Response>) =>
    createVendorClient<Acorn>(documented, { ...credentials, server: "main", fetch });

  test("where the spec documents its status, by number or by range", async () => {
    const client = clientOf(async () => redirect(302, EVIL));
    expect(await rejection(client.ping())).toMatchObject({ code: "http_error", status: 302 });
    expect(await rejection(client.listKeys())).toMatchObject({ code: "http_error", status: 302 });
    const { response } = await (client.client as unknown as Untyped).GET("/ping");
    expect(response.headers.get("Location")).toBe("https://evil.example/");
    const other = clientOf(async () => redirect(307, EVIL));
    expect(await rejection(other.ping())).toMatchObject({ code: "redirect_refused" });
  });

  test("where the caller of client asked for it with redirect manual", async () => {
    const { client } = createAcorn(except(() => redirect(303, EVIL)));
    const { data, response } = await (client.client as unknown as Untyped).GET("/ping", { redirect: "manual" });
    expect([data, response.status, response.headers.get("Location")]).toEqual([
      undefined,
      303,
      "https://evil.example/",
    ]);
  });

  test("where it is none that fetch would follow", async () => {
    const { client } = createAcorn(except(() => new Response(null, { status: 304 })));
    expect(await rejection(client.ping())).toMatchObject({ code: "unexpected_status", status: 304 });
  });
});
