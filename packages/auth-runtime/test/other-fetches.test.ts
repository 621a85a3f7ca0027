import { PassThrough } from "node:stream";
import { startFaultServer } from "@org/mock-servers/fault-server";
import nodeFetch from "node-fetch";
import nodeFetch2 from "node-fetch-2";
import * as undici from "undici";
import { afterAll, describe, expect, expectTypeOf, test, vi } from "vitest";
import { cancel } from "../src/answer-body.ts";
import { createVendorClient, type FetchLike } from "../src/index.ts";
import { type Acorn, acorn, credentials, rejection, type Untyped } from "./acorn.ts";

let issued = 0;
// The first token of each client is revoked, so that an answer is given up and the request sent again.
const server = await startFaultServer(({ path, headers, body }) => {
  if (path === "/login") return { json: { token: `token-${++issued}`, expiresIn: 3600 } };
  if (path === "/keys?key=example-api-key") return { status: 302, headers: { location: `${server.url}/ping` } };
  if (path === "/open") return { text: `opened ${body}` };
  if (path === "/ping") return { json: "x".repeat(300_000) };
  if (path === "/session") return "hang";
  const isRevoked = Number(headers["authorization"]?.slice("Bearer token-".length)) % 2 === 1;
  if (isRevoked) return { status: 401, json: { why: "é".repeat(2000) } };
  return path === "/things/none" ? { status: 204 } : { json: { id: "é€🌰" } };
});
afterAll(() => server.stop());

const libraries: [string, FetchLike][] = [
  ["the global fetch", fetch],
  ["undici", undici.fetch],
  ["node-fetch 3", nodeFetch],
  // Its types fit where exactOptionalPropertyTypes is off.
  ["node-fetch 2", nodeFetch2 as unknown as FetchLike],
  ["a wrapped fetch", (input, init) => fetch(input, init)],
];

const clientOf = (own: FetchLike, http: object = {}) => {
  issued = 0;
  return createVendorClient<Acorn>(acorn, { ...credentials, server: server.url, fetch: own, http });
};

describe.each(libraries)("requests can be sent with %s:", (_, own) => {
  test("a token, operations and client, after a 401 with another token", async () => {
    // A token is given 750 ms to spread unless it was accepted, so the first one is used up.
    const client = clientOf(own);
    expect((await client.getToken()).accessToken).toBe("token-1");
    client.invalidate("token-1");
    expect(await client.getThing({ id: "1" })).toEqual({ id: "é€🌰" });
    expect(await client.putThing({ id: "none", body: { a: 1 } })).toBeUndefined();
    expect(await client.openThing({ name: "a b" })).toBe("opened name=a+b");
    const { data, response } = await (client.client as unknown as Untyped).POST("/open", { body: { name: "c" } });
    expect([data, response.status]).toEqual(["opened name=c", 200]);
    expect(await (await client.fetch(`${server.url}/things/1`)).json()).toEqual({ id: "é€🌰" });
  });

  test("a revoked token is replaced, and the refused answer given up", async () => {
    const client = clientOf(own);
    expect(await client.getThing({ id: "1" })).toEqual({ id: "é€🌰" });
    expect(issued).toBe(2);
  });

  test("no redirect is followed", async () => {
    const error = await rejection(clientOf(own).listKeys());
    expect(error).toMatchObject({ code: "redirect_refused", httpStatus: 302 });
  });

  test("an answer is not read beyond the limit", async () => {
    const http = { maxResponseBytes: 100_000 };
    expect(await rejection(clientOf(own, http).ping())).toMatchObject({ code: "invalid_response" });
    const call = (clientOf(own, http).client as unknown as Untyped).GET("/ping");
    expect(await rejection(call)).toMatchObject({ code: "invalid_response", httpStatus: 200 });
    expect(await clientOf(own).ping()).toHaveLength(300_000);
  });

  test("a server that never answers, is not there, or a call that is given up ends the call", async () => {
    const slow = clientOf(own, { attemptTimeoutMs: 50, attempts: 1 });
    expect(await rejection(slow.getSession())).toMatchObject({ code: "timeout" });
    const call = clientOf(own).getSession(undefined, { signal: AbortSignal.timeout(20) });
    expect(await rejection(call)).toMatchObject({ code: "aborted" });
    const nowhere = { ...credentials, server: "http://127.0.0.1:1" as const, fetch: own, http: { attempts: 1 } };
    expect(await rejection(createVendorClient<Acorn>(acorn, nowhere).ping())).toMatchObject({ code: "network_error" });
  });
});

test("undici's own Request is sent with undici's own fetch", async () => {
  const { fetch: authorised } = clientOf(undici.fetch);
  const request = new undici.Request(`${server.url}/things/1`, { headers: { "X-Own": "1" } });
  expect(await (await authorised(request as unknown as Request)).json()).toEqual({ id: "é€🌰" });
  expect(server.requests.at(-1)?.headers).toMatchObject({ "x-own": "1", authorization: "Bearer token-2" });
});

/** An answer as a test or a runtime without streams may have it. */
type Double = { status: number; headers: { get(name: string): string | null } } & Record<string, unknown>;
const headers = { get: () => null };
const body = { token: "token-1", expiresIn: 3600, id: "é" };
async function* pieces() {
  yield new TextEncoder().encode(JSON.stringify(body).slice(0, 10));
  yield JSON.stringify(body).slice(10);
}

describe("an answer may have", () => {
  const doubles: [string, () => Double][] = [
    ["text() alone", () => ({ status: 200, headers, text: async () => JSON.stringify(body) })],
    ["json() alone", () => ({ status: 200, headers, json: async () => body })],
    [
      "text() and json()",
      () => ({ ok: true, status: 200, headers, text: async () => JSON.stringify(body), json: fail }),
    ],
    [
      "an undefined body and text()",
      () => ({ status: 200, headers, body: undefined, text: async () => JSON.stringify(body) }),
    ],
    ["an async iterable of bytes and text", () => ({ status: 200, headers, body: pieces() })],
  ];
  const fail = () => Promise.reject(new Error("not asked"));
  test.each(doubles)("%s", async (_, double) => {
    const send = vi.fn(async () => double());
    const client = createVendorClient<Acorn>(acorn, { ...credentials, server: "main", fetch: send });
    expect(await client.getThing({ id: "1" })).toEqual(body);
    expect((await (client.client as unknown as Untyped).GET("/ping")).data).toEqual(body);
    expect(send).toHaveBeenCalledTimes(3);
  });

  test.each(doubles)("%s, and no more than the limit", async (_, double) => {
    const options = { ...credentials, server: "main", fetch: async () => double(), http: { maxResponseBytes: 20 } };
    const client = createVendorClient<Acorn>(acorn, options);
    expect(await rejection(client.ping())).toMatchObject({ code: "invalid_response" });
  });

  test("no body at all where its status says so, whatever json() does", async () => {
    const send = async () => ({ status: 204, headers, json: () => Promise.reject(new SyntaxError("no JSON")) });
    const client = createVendorClient<Acorn>(acorn, { ...credentials, server: "main", fetch: send });
    expect(await client.ping()).toBeUndefined();
  });

  test("json() alone, and what it cannot parse is undocumented", async () => {
    const send = async () => ({ status: 200, headers, json: () => new Response("<html>").json() });
    const client = createVendorClient<Acorn>(acorn, { ...credentials, server: "main", fetch: send });
    expect(await rejection(client.listKeys())).toMatchObject({ code: "invalid_response", httpStatus: 200 });
  });

  test("a status that is no success, without ok", async () => {
    const send = async () => ({ status: 500, headers, json: async () => ({ why: "?" }) });
    const client = createVendorClient<Acorn>(acorn, { ...credentials, server: "main", fetch: send });
    expect(await rejection(client.store({ body: {} }))).toMatchObject({ httpStatus: 500 });
    expect(await (client.client as unknown as Untyped).GET("/ping")).toMatchObject({ error: { why: "?" } });
  });

  test("a stream of which no more is read than the limit, and that is ended", async () => {
    let isEnded = false;
    async function* endless() {
      try {
        for (;;) yield new Uint8Array(64);
      } finally {
        isEnded = true;
      }
    }
    const send = async () => ({ status: 200, headers, body: endless() });
    const options = { ...credentials, server: "main", fetch: send, http: { maxResponseBytes: 100 } };
    expect(await rejection(createVendorClient<Acorn>(acorn, options).ping())).toMatchObject({
      code: "invalid_response",
    });
    await vi.waitFor(() => expect(isEnded).toBe(true));
  });
});

describe("a fetch that resolves to no Response is named, and not called again:", () => {
  const read = async () => {
    const answer = Response.json({});
    await answer.text();
    return answer;
  };
  const wrong: [string, () => unknown, string][] = [
    ["nothing", async () => undefined, "but resolved to undefined"],
    ["null", async () => null, "but resolved to null"],
    ["text", async () => "{}", "but resolved to string"],
    ["parsed JSON", async () => ({ id: "1" }), "but its answer has no status"],
    ["axios' answer", async () => ({ status: 200, headers: { a: "b" }, data: {} }), "but its headers have no get()"],
    ["nothing, and no promise", () => undefined, "but resolved to undefined"],
    ["no body", async () => ({ status: 200, headers }), "but its answer has no body, text() or json()"],
    ["a body that was read", read, "but its body was read before; read a clone() of it"],
  ];
  test.each(wrong)("%s", async (_, answer, message) => {
    const send = vi.fn(answer) as unknown as FetchLike;
    const client = createVendorClient<Acorn>(acorn, { ...credentials, server: "main", fetch: send });
    const expected = `the fetch option has to resolve to a Response, ${message}`;
    const errors = [
      await rejection(client.ping()),
      await rejection(client.getToken()),
      await rejection((client.client as unknown as Untyped).GET("/ping")),
    ];
    expect(errors.map(({ code }) => code)).toEqual(["invalid_options", "invalid_options", "invalid_options"]);
    for (const error of errors) expect(error.message).toContain(expected);
    expect(send).toHaveBeenCalledTimes(3);
  });
});

test("a body that was given up may still fail, as node-fetch's does after an abort, and ends no process", () => {
  const body = new PassThrough();
  cancel(body);
  expect(body.destroyed).toBe(true);
  expect(() => body.emit("error", new Error("aborted"))).not.toThrow();
  for (const other of [undefined, null, {}, new Response("").body]) expect(() => cancel(other)).not.toThrow();
});

test("a fetch is called once for each request, as a function", async () => {
  const seen: unknown[] = [];
  async function own(this: unknown, ...request: Parameters<typeof fetch>) {
    seen.push(this, new URL(String(request[0])).pathname);
    return Response.json({ token: "token-1" });
  }
  const client = createVendorClient<Acorn>(acorn, { ...credentials, server: "main", fetch: own });
  await client.getThing({ id: "1" });
  await (client.client as unknown as Untyped).GET("/ping", { fetch: own });
  await client.fetch("https://api.acorn.example/a");
  expect(seen).toEqual([undefined, "/login", undefined, "/things/1", undefined, "/ping", undefined, "/a"]);
});

test("the fetch option takes every fetch by its type, without a cast", () => {
  expectTypeOf<typeof fetch>().toExtend<FetchLike>();
  expectTypeOf<typeof undici.fetch>().toExtend<FetchLike>();
  expectTypeOf<typeof nodeFetch>().toExtend<FetchLike>();
  expectTypeOf<(url: string, init?: RequestInit) => Promise<Response>>().toExtend<FetchLike>();
  expectTypeOf<(url: URL | string) => Promise<Response>>().toExtend<FetchLike>();
  expectTypeOf(vi.fn(async () => new Response())).toExtend<FetchLike>();
  expectTypeOf<() => Promise<undefined>>().not.toExtend<FetchLike>();
  expectTypeOf<() => Response>().not.toExtend<FetchLike>();
  expectTypeOf<string>().not.toExtend<FetchLike>();
  const wrapped: FetchLike = (input, init) => {
    const headers = new Headers(init?.headers);
    headers.set("X-Own", "1");
    return fetch(input, { ...init, headers });
  };
  expect(wrapped).toHaveLength(2);
});
