import { afterEach, describe, expect, test, vi } from "vitest";
import { credentials as fixedCredentials, template, tokens } from "../src/features.ts";
import { type CallOptions, createVendorClient, type TokenSource, type Vendor } from "../src/index.ts";
import { createAcorn, except, rejection } from "./acorn.ts";
import { createFakeClock } from "./scripted-source.ts";

type Method = (input?: object, options?: CallOptions) => Promise<unknown>;

/** A vendor that uses as little as can be. */
const bare = {
  package: "@test/bare",
  features: {},
  servers: { main: "https://bare.example" },
  credentials: {},
  schemes: {},
  security: [],
  operations: {
    say: {
      method: "POST",
      path: "/say",
      input: { body: "body" },
      contentType: "text/plain",
      security: [],
      responses: { "2XX": "any" },
    },
  },
} as const satisfies Vendor;

describe("a vendor that uses no feature", () => {
  test("has its operations all the same", async () => {
    const seen: Request[] = [];
    const fetch = async (...args: Parameters<typeof globalThis.fetch>) => {
      seen.push(new Request(...args));
      return Response.json({ said: true });
    };
    const client = createVendorClient<Record<"say", Method>>(bare, { fetch });
    expect(await client.say({ body: "hello" })).toEqual({ said: true });
    expect([seen[0]?.url, await seen[0]?.text()]).toEqual(["https://bare.example/say", "hello"]);
    expect(seen[0]?.headers.get("content-type")).toBe("text/plain");
    expect("getToken" in client).toBe(false);
  });
});

describe("a credential that is sent as part of a text", () => {
  const sentAs = async (scheme: Vendor["schemes"][string]) => {
    const vendor = {
      ...bare,
      features: { credentials: fixedCredentials, template },
      credentials: { user: {}, key: { secret: true } },
      schemes: { key: scheme },
      operations: { say: { ...bare.operations.say, security: ["key"] } },
    } as Vendor;
    let sent: string | null = null;
    const fetch = async (...args: Parameters<typeof globalThis.fetch>) => {
      sent = new Request(...args).headers.get("authorization");
      return Response.json({});
    };
    const client = createVendorClient<Record<"say", Method>>(vendor, { fetch, user: "someone", key: "example-key" });
    await client.say({ body: "hello" });
    return sent;
  };
  const basic = (text: string) => `Basic ${btoa(text)}`;

  test.each<[string, Vendor["schemes"][string], string]>([
    ["a header's", { prefix: "Token ", credentials: ["key"], template: "token={key}" }, "Token token=example-key"],
    ["a header's, its colon too", { prefix: "Key ", credentials: ["key"], template: "a:{key}" }, "Key a:example-key"],
    ["none where there is no text", { prefix: "Key ", credentials: ["key"] }, "Key example-key"],
    [
      "both halves of Basic",
      { prefix: "Basic ", credentials: ["user", "key"], template: "{user}/token:{key}" },
      basic("someone/token:example-key"),
    ],
    [
      "a Basic password with colons",
      { prefix: "Basic ", credentials: ["user", "key"], template: "{user}:a:{key}" },
      basic("someone:a:example-key"),
    ],
    ["a Basic user alone", { prefix: "Basic ", credentials: ["key"], template: "{key}:" }, basic("example-key:")],
  ])("%s", async (_, scheme, expected) => {
    expect(await sentAs(scheme)).toBe(expected);
  });
});

describe("a vendor that uses tokens and nothing beside them", () => {
  const exchange = { operationId: "logIn", token: [["body", "token"]], lifetimeMs: 100_000, refresh: "renew" } as const;
  const logIn = {
    method: "POST",
    path: "/login",
    role: "exchange",
    security: [],
    responses: { "2XX": "object", 400: "object" },
  };
  const vendor = {
    ...bare,
    features: { tokens },
    schemes: { token: { prefix: "Bearer ", exchange } },
    security: ["token"],
    operations: { logIn, renew: { ...logIn, method: "GET", role: "refresh", security: ["token"] } },
  } as Vendor;
  const createWith = (answer: () => Response, options: object = {}) =>
    createVendorClient<TokenSource>(vendor, { fetch: async () => answer(), http: { attempts: 1 }, ...options });

  test("gives them their documented lifetime, and exchanges where it might refresh", async () => {
    const { clock, advance } = createFakeClock();
    let issued = 0;
    const client = createWith(() => Response.json({ token: `token-${++issued}` }), { clock });
    expect(await client.getToken()).toEqual({ accessToken: "token-1", expiresAt: clock.now() + 100_000 });
    advance(90_000);
    await client.getToken();
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect((await client.getToken()).accessToken).toBe("token-2");
  });

  test("knows no refused grant", async () => {
    const client = createWith(() => Response.json({ error: "invalid_grant" }, { status: 400 }));
    expect(await rejection(client.getToken())).toMatchObject({ code: "http_error", status: 400 });
  });

  test("holds off after 429, and not after another status that asks for time", async () => {
    for (const [status, requests] of [
      [429, 1],
      [503, 2],
    ] as const) {
      let sent = 0;
      const client = createWith(() => {
        sent++;
        return Response.json({}, { status, headers: { "Retry-After": "20" } });
      });
      await rejection(client.getToken());
      await rejection(client.getToken());
      expect(sent).toBe(requests);
    }
  });
});

describe("where the runtime ends a request's work with the request", () => {
  afterEach(() => vi.unstubAllGlobals());
  test("nothing is refreshed in the background, unless there is a waitUntil", async () => {
    vi.stubGlobal("navigator", { userAgent: "Cloudflare-Workers" });
    for (const [options, logins] of [
      [{}, 1],
      [{ waitUntil: () => undefined }, 2],
    ] as const) {
      const { clock, advance } = createFakeClock();
      const answers = except(() => new Response(null, { status: 401 }));
      const { client, ...acorn } = createAcorn(answers, { clock, ...options });
      await client.getToken();
      advance(3_400_000);
      await client.getToken();
      for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
      expect(acorn.logins()).toBe(logins);
    }
  });
});
