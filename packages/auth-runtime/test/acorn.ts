import * as all from "../src/features.ts";
import {
  type AuthorisedClient,
  type CallOptions,
  createVendorClient,
  type TokenSource,
  type Vendor,
} from "../src/index.ts";

// Only where nothing is exchanged can a bearer of the user's own take the place of the credentials.
const {
  auth: _,
  ownServers: _own,
  refreshTokens: _kept,
  refreshWithMore: _more,
  anyLifetime: lifetime,
  ...others
} = all;
const features = { ...others, lifetime };

/** A fictional vendor that has something of everything. */
export const acorn = {
  package: "@test/acorn",
  features,
  servers: {
    main: "https://api.acorn.example",
    tenant: { url: "https://{tenant}.acorn.example/base" },
    versioned: {
      url: "https://acorn.example/{api-path}",
      variables: { "api-path": { enum: ["api/v2"], default: "api/v2" } },
    },
    region: { url: "https://{region}.acorn.example", variables: { region: { enum: ["us", "eu"], default: "us" } } },
  },
  credentials: { user: {}, password: { secret: true }, apiKey: { secret: true }, scope: { optional: true } },
  schemes: {
    token: {
      prefix: "Bearer ",
      exchange: {
        operationId: "logIn",
        token: [["body", "token"]],
        expiresIn: ["body", "expiresIn"],
        lifetimeMs: 60_000,
        refresh: "renew",
      },
    },
    basic: { prefix: "Basic ", credentials: ["user", "password"] },
    key: { in: "query", name: "key", credentials: ["apiKey"] },
    headerKey: { name: "X-Api-Key", credentials: ["apiKey"] },
    cookie: { in: "cookie", name: "session", credentials: ["apiKey"] },
  },
  security: ["token"],
  operations: {
    logIn: {
      method: "POST",
      path: "/login",
      role: "exchange",
      input: { user: "member", password: "member", scope: "member", grant: "member" },
      fixed: { grant: "password" },
      secrets: ["password"],
      contentType: "application/json",
      security: [],
      responses: { "2XX": "object", 400: "object", 401: "object", 429: "any" },
    },
    getThing: {
      method: "GET",
      path: "/things/{id}",
      input: { id: "path", expand: "query", "X-Trace": "header" },
      security: ["token"],
      responses: { "2XX": "object", 401: "any", 404: "object", "5XX": "any", default: "object" },
    },
    putThing: {
      method: "PUT",
      path: "/things/{id}",
      input: { id: "path", body: "body" },
      contentType: "application/json",
      security: ["token"],
      responses: { "2XX": "empty" },
    },
    openThing: {
      method: "POST",
      path: "/open",
      input: { name: "member" },
      contentType: "application/x-www-form-urlencoded",
      open: true,
      security: ["basic"],
      accept: "text/plain",
      responses: { "2XX": "text" },
    },
    rotate: { method: "PUT", path: "/rotate", retry: false, security: [], responses: { "2XX": "any" } },
    seek: { method: "POST", path: "/seek", retry: true, security: [], responses: { "2XX": "any" } },
    listKeys: { method: "GET", path: "/keys", security: ["key"], responses: { "2XX": "json" } },
    getSession: { method: "GET", path: "/session", security: ["cookie"], responses: { "2XX": "any" } },
    renew: {
      method: "GET",
      path: "/renew",
      role: "refresh",
      security: ["token"],
      responses: { "2XX": "object", 401: "empty" },
    },
    getHeaderKey: { method: "GET", path: "/header-key", security: ["headerKey"], responses: { "2XX": "any" } },
    store: {
      method: "POST",
      path: "/store",
      input: { body: "body" },
      secrets: ["body"],
      contentType: "application/json",
      security: [],
      responses: { "2XX": "any", 422: "any" },
    },
    ping: { method: "GET", path: "/ping", security: [], responses: { "2XX": "any" } },
  },
} as const satisfies Vendor;

export const credentials = { user: "someone", password: "example-password", apiKey: "example-api-key" };

type Method = (input?: object, options?: CallOptions) => Promise<unknown>;
export type Acorn = AuthorisedClient<object> & TokenSource & Record<keyof typeof acorn.operations, Method>;

export interface Seen {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string;
}

export type Handler = (request: Seen, index: number) => Response | Promise<Response>;

/** A client whose requests a function answers, and what it sent. `/login` issues token-1, token-2 … unless handled. */
export function createAcorn(handler: Handler = () => Response.json({}), options: object = {}) {
  const seen: Seen[] = [];
  let issued = 0;
  const client = createVendorClient<Acorn>(acorn, {
    ...credentials,
    server: "main",
    fetch: async (...args: Parameters<typeof fetch>) => {
      const request = new Request(...args);
      const entry = {
        method: request.method,
        url: request.url,
        headers: Object.fromEntries(request.headers),
        body: await request.text(),
      };
      seen.push(entry);
      const answer = await handler(entry, seen.length - 1);
      if (answer.status !== 599) return answer;
      issued++;
      return Response.json({ token: `token-${issued}`, expiresIn: 3600 });
    },
    ...options,
  });
  return { client, seen, logins: () => seen.filter(({ url }) => url.endsWith("/login")).length };
}

/** Answers every path but `/login`, which issues tokens. */
export function except(handler: Handler): Handler {
  return (request, index) =>
    request.url.endsWith("/login") ? new Response(null, { status: 599 }) : handler(request, index);
}

/** What a promise was rejected with. */
export async function rejection(promise: Promise<unknown>): Promise<Record<string, unknown> & Error> {
  return promise.then(
    () => {
      throw new Error("it was not rejected");
    },
    (error) => error,
  );
}

/** The typed client of a fictional vendor, whose paths have no types. */
export type Untyped = Record<
  "GET" | "PUT" | "POST",
  (path: string, init?: object) => Promise<{ data?: unknown; error?: unknown; response: Response }>
>;
