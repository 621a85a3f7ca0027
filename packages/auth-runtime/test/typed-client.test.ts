import fc from "fast-check";
import createClient from "openapi-fetch";
import { describe, expect, test } from "vitest";
import { createAcorn, credentials, except, rejection, type Untyped } from "./acorn.ts";

const API = "https://api.acorn.example";

/** What matters of a request, whichever way its URL and body are spelt. */
async function essence(request: Request) {
  const { origin, pathname, searchParams } = new URL(request.url);
  const { accept: _, authorization: __, ...headers } = Object.fromEntries(request.headers);
  const body = await request.text();
  return { method: request.method, origin, pathname, query: [...searchParams], headers, body };
}

/** The same call through both clients: what each sent and said. */
async function both(method: "GET" | "PUT" | "POST", path: string, init: object, answer: () => Response) {
  const sent: Promise<unknown>[] = [];
  const fetch = async (...args: Parameters<typeof globalThis.fetch>) => {
    sent.push(essence(new Request(...args)));
    return answer();
  };
  const ours = createAcorn(undefined, { fetch, origins: [API] }).client.client as unknown as Untyped;
  const peer = createClient<object>({ baseUrl: API, fetch }) as unknown as Untyped;
  const said = [];
  for (const client of [ours, peer]) {
    const { data, error, response } = await client[method](path, init);
    said.push({ data, error, status: response.status });
  }
  return { sent: await Promise.all(sent), said };
}

describe("the typed client does as openapi-fetch does", () => {
  const text = fc.string({ unit: "grapheme" }).filter((value) => value.isWellFormed());
  const member = fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(undefined));
  const calls = fc.record({
    query: fc.dictionary(
      fc.stringMatching(/^[a-z]{1,8}$/),
      fc.oneof(
        member,
        fc.array(fc.oneof(text, fc.integer()), { maxLength: 3 }),
        fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), text),
      ),
    ),
    trace: fc.stringMatching(/^[!-~]{1,12}$/),
    body: fc.jsonValue(),
  });
  test("with path, query, headers and body", async () => {
    const check = async ({ query, trace, body }: { query: object; trace: string; body: unknown }) => {
      const headers = { "X-Own": trace };
      const get = { params: { query, header: { "X-Trace": trace } }, headers };
      const post = await both("POST", "/store", { ...get, body }, () => Response.json({}));
      expect(post.sent[0]).toEqual(post.sent[1]);
      const plain = await both("GET", "/ping", get, () => Response.json({}));
      expect(plain.sent[0]).toEqual(plain.sent[1]);
    };
    await fc.assert(fc.asyncProperty(calls, check), { numRuns: 100 });
  });

  const answers: [string, () => Response][] = [
    ["an object", () => Response.json({ a: [1] })],
    ["another 2xx", () => Response.json({ a: 1 }, { status: 206 })],
    ["no content", () => new Response(null, { status: 204 })],
    ["an error with JSON", () => Response.json({ why: "?" }, { status: 422 })],
    ["an error with text", () => new Response("bad gateway", { status: 502 })],
    ["an empty error", () => new Response("", { status: 500, headers: { "Content-Length": "0" } })],
  ];
  test.each(answers)("with the answer: %s", async (_, answer) => {
    const { said } = await both("GET", "/ping", {}, answer);
    expect(said[0]).toEqual(said[1]);
  });
});

describe("the typed client", () => {
  test("decides by method and path which credentials go with a call", async () => {
    const { client, seen, logins } = createAcorn(except(() => Response.json({ id: "1" })));
    const typed = client.client as unknown as Untyped;
    await typed.GET("/ping");
    expect(logins()).toBe(0);
    expect((await typed.GET("/things/{id}", { params: { path: { id: "a/b" } } })).data).toEqual({ id: "1" });
    expect(seen.at(-1)?.url).toBe(`${API}/things/a%2Fb`);
    expect(seen.at(-1)?.headers["authorization"]).toBe("Bearer token-1");
    await typed.GET("/keys");
    expect(seen.at(-1)?.url).toBe(`${API}/keys?key=${credentials.apiKey}`);
  });

  test("sends a form and reads text where the spec says so, and keeps the caller's headers", async () => {
    const { client, seen } = createAcorn(() => new Response("opened"));
    const typed = client.client as unknown as Untyped;
    const { data } = await typed.POST("/open", { body: { name: "a b" }, headers: { "X-Own": "1" } });
    expect(data).toBe("opened");
    expect(seen[0]).toMatchObject({
      body: "name=a+b",
      headers: { "content-type": "application/x-www-form-urlencoded", "x-own": "1" },
    });
  });

  test("refuses a path member that would climb to another operation", async () => {
    const { client, seen } = createAcorn();
    const call = (client.client as unknown as Untyped).GET("/things/{id}", { params: { path: { id: ".." } } });
    expect(await rejection(call)).toMatchObject({ code: "invalid_options" });
    expect(seen).toEqual([]);
  });

  test("tells operations of one path apart by their methods", async () => {
    const { client, seen } = createAcorn(except(() => new Response(null, { status: 204 })));
    const typed = client.client as unknown as Untyped;
    const { data } = await typed.PUT("/things/{id}", { params: { path: { id: "1" } }, body: { a: 1 } });
    expect([data, seen.at(-1)?.method, seen.at(-1)?.body]).toEqual([undefined, "PUT", '{"a":1}']);
  });

  test.each([200, 204, 205])("rejects a %i without the body whose members the spec requires", async (status) => {
    const { client, seen } = createAcorn(except(() => new Response(null, { status })));
    const call = (client.client as unknown as Untyped).GET("/things/{id}", { params: { path: { id: "1" } } });
    expect(await rejection(call)).toMatchObject({
      code: "invalid_response",
      httpStatus: status,
      message: `[@test/acorn] getThing: answered ${status} with an undocumented body`,
    });
    expect(seen).toHaveLength(2);
  });

  test("refuses a path the spec does not know", async () => {
    const { client, seen } = createAcorn();
    const error = await rejection((client.client as unknown as Untyped).GET("/unknown"));
    expect(error).toMatchObject({ code: "invalid_options" });
    expect(error.message).toBe("[@test/acorn] the spec has no GET /unknown");
    expect(seen).toEqual([]);
  });

  test("rejects a success that is not what the spec documents, and quotes none of it", async () => {
    const { client } = createAcorn(except(() => new Response(`{"token": ${credentials.password}`)));
    const error = await rejection(
      (client.client as unknown as Untyped).GET("/things/{id}", { params: { path: { id: "1" } } }),
    );
    expect(error).toMatchObject({ code: "invalid_response", operationId: "getThing", httpStatus: 200 });
    expect(error.message).toBe("[@test/acorn] getThing: answered 200 with an undocumented body");
    expect(error.cause).toBeUndefined();
  });
});
