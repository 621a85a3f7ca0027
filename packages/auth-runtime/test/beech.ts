import { assertion, callWithAssertion } from "../src/assertion.ts";
import { grants, ownServers, pairs, refreshTokens, refreshWithMore, seconds, tokens } from "../src/features.ts";
import { createVendorClient, type TokenSource, type Vendor } from "../src/index.ts";
import type { Seen } from "./acorn.ts";
import { createFakeClock } from "./scripted-source.ts";

export { assertion, callWithAssertion };

/** A fictional vendor that issues refresh tokens, from a host of its own. */
export const beech = {
  package: "@test/beech",
  features: {
    grants,
    lifetime: seconds,
    pairs,
    prepare: ownServers,
    refresh: refreshWithMore,
    send: refreshTokens,
    tokens,
  },
  servers: { main: "https://api.beech.example/v1", other: "https://other.beech.example" },
  credentials: { client: {}, secret: { secret: true } },
  schemes: {
    token: {
      prefix: "Bearer ",
      exchange: {
        operationId: "logIn",
        token: [["body", "token"]],
        expiresIn: ["body", "expires_in"],
        fixed: { grant_type: "password" },
        refresh: "logIn",
        refreshFixed: { grant_type: "refresh_token" },
        takesMore: true,
      },
    },
  },
  security: ["token"],
  operations: {
    logIn: {
      method: "POST",
      path: "/token",
      servers: { main: "https://login.beech.example/auth", other: "https://login.other.example" },
      keeps: { refresh_token: ["body", "refresh_token"] },
      role: "exchange",
      input: { grant_type: "member", client: "member", secret: "member", refresh_token: "member" },
      secrets: ["secret", "refresh_token"],
      contentType: "application/x-www-form-urlencoded",
      security: [],
      responses: { "2XX": "object", 400: "object", 401: "object" },
    },
    getThing: { method: "GET", path: "/thing", security: ["token"], responses: { "2XX": "any", 404: "object" } },
  },
} as const satisfies Vendor;

export type Beech = TokenSource & { getThing(): Promise<unknown>; fetch: typeof fetch };

export const LIFETIME_MS = 600_000;

/** A client of it whose requests a function answers; what is answered with nothing is answered with token-n and refresh-n. */
export function createBeech(
  answer: (request: Seen, login: number) => Response | undefined,
  options: object = {},
  vendor: Vendor = beech,
) {
  const { clock, advance } = createFakeClock();
  const seen: Seen[] = [];
  const logins: Record<string, string>[] = [];
  const fetch = async (...args: Parameters<typeof globalThis.fetch>) => {
    const request = new Request(...args);
    const { method, url } = request;
    const entry = { method, url, headers: Object.fromEntries(request.headers), body: await request.text() };
    seen.push(entry);
    const isLogin = url.endsWith("/token");
    if (isLogin) logins.push(Object.fromEntries(new URLSearchParams(entry.body)));
    const given = answer(entry, isLogin ? logins.length : 0);
    if (given || !isLogin) return given ?? Response.json({});
    const n = logins.length;
    return Response.json({ token: `token-${n}`, refresh_token: `refresh-${n}`, expires_in: LIFETIME_MS / 1000 });
  };
  const all = {
    client: "someone",
    secret: "example-secret",
    server: "main",
    clock,
    fetch,
    http: { attempts: 1 },
    ...options,
  };
  const client = createVendorClient<Beech>(vendor, all);
  /** A call when the token is in its refresh window, and what it does in the background. */
  const later = async () => {
    advance(LIFETIME_MS * 0.9);
    await client.getToken();
    for (let turn = 0; turn < 30; turn++) await new Promise((resolve) => setImmediate(resolve));
  };
  return { client, seen, logins, later, clock };
}
