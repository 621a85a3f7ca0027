import { describe, expect, test } from "vitest";
import { isVendorError } from "../src/index.ts";
import { createAcorn, credentials, except, rejection, type Untyped } from "./acorn.ts";
import { createSpreadAcorn } from "./spread-acorn.ts";

const API = "https://api.acorn.example";

describe("the authorised fetch", () => {
  test("attaches the token to requests of the vendor's origin, and obtains it once", async () => {
    const { client, seen, logins } = createAcorn(except(() => Response.json({})));
    await Promise.all([
      client.fetch(`${API}/a`),
      client.fetch(new URL(`${API}/b`)),
      client.fetch(new Request(`${API}/c`)),
    ]);
    expect(logins()).toBe(1);
    expect(seen.slice(1).map(({ headers }) => headers["authorization"])).toEqual(Array(3).fill("Bearer token-1"));
  });

  test("sends nothing to any other origin", async () => {
    const { client, seen } = createAcorn();
    for (const url of [
      "https://evil.example/",
      "https://api.acorn.example.evil.example/",
      "https://api.acorn.example@evil.example/",
      "https://api.acorn.example:8443/https://api.acorn.example/",
      "http://api.acorn.example/",
      `${API}:8443/`,
    ]) {
      const error = await rejection(client.fetch(url));
      expect(error["code"]).toBe("origin_not_allowed");
      expect(error.message).toContain(
        `credentials go to ${API} only, not to ${new URL(url).origin}; list it in origins`,
      );
    }
    const relative = await rejection(client.fetch("/relative"));
    expect(relative["code"]).toBe("origin_not_allowed");
    expect(relative.message).toContain("not to a relative URL");
    expect(seen).toEqual([]);
  });

  test("knows an origin that is written otherwise", async () => {
    const { client, seen } = createAcorn(except(() => Response.json({})));
    for (const url of ["HTTPS://API.acorn.example:443/a", " https://api.acorn.example/a", `${API}?a`, new URL(API)])
      await client.fetch(url);
    expect(new Set(seen.map(({ url }) => new URL(url).origin))).toEqual(new Set([API]));
  });

  test("names each origin once where it refuses another", async () => {
    const { client } = createAcorn(undefined, { origins: [API, "https://data.acorn.example"] });
    const { message } = await rejection(client.fetch("https://evil.example/"));
    expect(message).toContain(`go to ${API}, https://data.acorn.example only`);
  });

  test("replays also where somebody else reads a copy of the refusal", async () => {
    const copies: Response[] = [];
    const { client } = await createSpreadAcorn(({ headers }) => {
      const status = headers["authorization"] === "Bearer token-1" ? 401 : 200;
      const answer = new Response("{}", { status });
      copies.push(answer.clone());
      return answer;
    });
    expect((await client.fetch(`${API}/a`)).status).toBe(200);
    expect(copies.map(({ status }) => status)).toEqual([401, 200]);
  });

  test("and every operation call fetch as a function, as platforms ask of their own", async () => {
    const { client } = createAcorn(undefined, {
      async fetch(this: unknown, url: string) {
        if (this !== undefined) throw new TypeError("Illegal invocation");
        return Response.json(url.endsWith("/login") ? { token: "token-1", expiresIn: 3600 } : { id: "1" });
      },
    });
    expect((await client.fetch(`${API}/a`)).status).toBe(200);
    expect(await client.getThing({ id: "1" })).toEqual({ id: "1" });
    expect(await (client.client as unknown as Untyped).GET("/ping")).toMatchObject({ data: { id: "1" } });
  });

  test("can be called for each of a list", async () => {
    const { client, seen } = createAcorn(except(() => Response.json({})));
    await Promise.all([`${API}/a`, `${API}/b`].map(client.fetch as (url: string) => Promise<Response>));
    expect(seen.slice(1).map(({ url }) => url)).toEqual([`${API}/a`, `${API}/b`]);
  });

  test("takes further origins by name", async () => {
    const { client, seen } = createAcorn(
      except(() => Response.json({})),
      { origins: ["https://data.acorn.example"] },
    );
    await client.fetch("https://data.acorn.example/a");
    expect(seen[1]?.headers["authorization"]).toBe("Bearer token-1");
  });

  test("replays exactly once after a 401, with a new token and the same body", async () => {
    const { client, seen, logins } = await createSpreadAcorn(
      ({ headers }) => new Response(null, { status: headers["authorization"] === "Bearer token-1" ? 401 : 200 }),
    );
    const response = await client.fetch(
      new Request(`${API}/a`, { method: "POST", body: "hello", headers: { "X-Own": "1" } }),
    );
    expect(response.status).toBe(200);
    expect(logins()).toBe(2);
    const calls = seen.filter(({ url }) => url.endsWith("/a"));
    expect(calls.map(({ body, headers }) => [body, headers["authorization"], headers["x-own"]])).toEqual([
      ["hello", "Bearer token-1", "1"],
      ["hello", "Bearer token-2", "1"],
    ]);
  });

  test("returns the second 401 as it is", async () => {
    const { client, seen, logins } = await createSpreadAcorn(() => new Response("no", { status: 401 }));
    const response = await client.fetch(`${API}/a`);
    expect([response.status, await response.text()]).toEqual([401, "no"]);
    // The second token is new, so it is given time to spread and sent twice.
    expect([seen.length, logins()]).toEqual([5, 2]);
  });

  test("does not replay a body that is a stream", async () => {
    const { client, seen } = createAcorn(except(() => new Response(null, { status: 401 })));
    const body = new ReadableStream({ start: (controller) => controller.close() });
    const response = await client.fetch(`${API}/a`, { method: "POST", body, duplex: "half" } as RequestInit);
    expect([response.status, seen.length]).toEqual([401, 2]);
  });

  test.each([
    [2 ** 20, 3],
    [2 ** 20 + 1, 1],
  ])("keeps a Request's body of %i bytes for %i sendings", async (size, requests) => {
    const { client, seen } = await createSpreadAcorn(() => new Response(null, { status: 401 }));
    const body = "x".repeat(size);
    const response = await client.fetch(new Request(`${API}/a`, { method: "POST", body }));
    expect(response.status).toBe(401);
    const sent = seen.filter(({ url }) => url.endsWith("/a"));
    expect(sent.map((request) => request.body.length)).toEqual(Array(requests).fill(size));
  });

  test("fails as fetch does for a Request whose body is used", async () => {
    const { client } = createAcorn(except(() => Response.json({})));
    const request = new Request(`${API}/a`, { method: "POST", body: "x" });
    await request.text();
    expect(await rejection(client.fetch(request))).toBeInstanceOf(TypeError);
  });

  test("changes nothing of what the caller passed", async () => {
    const { client } = createAcorn(except(() => Response.json({})));
    const init = { headers: new Headers({ "X-Own": "1" }) };
    const request = new Request(`${API}/a`);
    await client.fetch(`${API}/a`, init);
    await client.fetch(request);
    expect([...init.headers]).toEqual([["x-own", "1"]]);
    expect([...request.headers]).toEqual([]);
  });

  test.each([
    ["no reason", undefined],
    ["an error", new Error("the user left")],
    ["a text", "the user left"],
    ["a timeout", new DOMException("", "TimeoutError")],
  ])("rejects as fetch does when the caller's signal ends the wait for a token with %s", async (_, reason) => {
    const { client } = createAcorn(() => new Promise(() => undefined));
    const untyped = client.client as unknown as Untyped;
    const calls = [
      (signal: AbortSignal) => client.fetch(`${API}/a`, { signal }),
      (signal: AbortSignal) => client.fetch(new Request(`${API}/a`, { signal })),
      (signal: AbortSignal) => untyped.GET("/things/{id}", { params: { path: { id: "1" } }, signal }),
    ];
    for (const call of calls) {
      const controller = new AbortController();
      const rejected = rejection(call(controller.signal));
      controller.abort(reason);
      expect(await rejected).toBe(controller.signal.reason);
      expect(await rejection(call(AbortSignal.abort(reason)))).toEqual(AbortSignal.abort(reason).reason);
    }
  });

  test("is not ended by the signal of a Request where init takes it off", async () => {
    const { client } = createAcorn(except(() => Response.json({})));
    const request = new Request(`${API}/a`, { signal: AbortSignal.abort() });
    expect((await client.fetch(request, { signal: new AbortController().signal })).status).toBe(200);
  });
});

describe("credentials that are sent as they are", () => {
  test("Basic is of the UTF-8 bytes", async () => {
    const { client, seen } = createAcorn(() => new Response("ok"), { user: "someone", password: "pässword" });
    await client.openThing({ name: "x" });
    expect(seen[0]?.headers["authorization"]).toBe(`Basic ${Buffer.from("someone:pässword").toString("base64")}`);
  });

  test("a key travels as a query member or a cookie where the spec says so", async () => {
    const { client, seen } = createAcorn(() => Response.json([]));
    await client.listKeys();
    await client.getSession();
    expect(seen.map(({ url }) => url)).toEqual([`${API}/keys?key=${credentials.apiKey}`, `${API}/session`]);
    expect(seen[1]?.headers["cookie"]).toBe(`session=${credentials.apiKey}`);
  });

  test("a 401 to them is not replayed, because another try would send the same", async () => {
    const { client, seen } = createAcorn(() => new Response(null, { status: 401 }));
    const error = await rejection(client.listKeys());
    expect(isVendorError(error) && error.code).toBe("unexpected_status");
    expect(seen).toHaveLength(1);
  });

  test("an operation without security starts no exchange and sends no credential", async () => {
    const { client, seen } = createAcorn();
    await client.ping();
    expect(seen).toHaveLength(1);
    expect(seen[0]?.headers).not.toHaveProperty("authorization");
  });
});
