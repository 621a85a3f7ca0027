import { describe, expect, test } from "vitest";
import { createAcorn, except } from "./acorn.ts";
import { createSpreadAcorn } from "./spread-acorn.ts";

const API = "https://api.acorn.example";
const ok = except(() => Response.json({}));

describe("what fetch is called with", () => {
  test("is read before anything is waited for: a URL that is changed afterwards changes nothing", async () => {
    const { client, seen } = createAcorn(ok);
    const url = new URL(`${API}/items`);
    const calls = [1, 2, 3].map((page) => {
      url.searchParams.set("page", String(page));
      return client.fetch(url);
    });
    url.host = "evil.example";
    await Promise.all(calls);
    expect(seen.slice(1).map((request) => request.url)).toEqual([1, 2, 3].map((page) => `${API}/items?page=${page}`));
  });

  test("may be an object whose text is the URL, which is asked once", async () => {
    const { client, seen } = createAcorn(ok);
    let asked = 0;
    const url = { toString: () => (asked++ === 0 ? `${API}/a` : "https://evil.example/") };
    await client.fetch(url as unknown as string);
    expect([seen[1]?.url, asked]).toEqual([`${API}/a`, 1]);
  });

  test("may have headers without a value, which are left out", async () => {
    const { client, seen } = createAcorn(ok);
    const headers = { "X-Own": "1", "X-None": undefined, "X-Null": null } as unknown as Record<string, string>;
    await client.fetch(`${API}/a`, { headers });
    await client.fetch(new Request(`${API}/b`), { headers: Object.entries(headers) });
    for (const request of seen.slice(1)) {
      expect(request.headers["x-own"]).toBe("1");
      expect(Object.keys(request.headers)).not.toEqual(expect.arrayContaining([expect.stringMatching(/^x-nu?/)]));
    }
  });

  const edits: [string, RequestInit, (init: RequestInit) => void][] = [
    [
      "headers as an object",
      { headers: { "X-Own": "1" } },
      (init) => Object.assign(init.headers as object, { "X-Own": "2" }),
    ],
    [
      "headers as pairs",
      { headers: [["X-Own", "1"]] },
      (init) => (init.headers as [string, string][]).push(["X-Own", "2"]),
    ],
    ["Headers", { headers: new Headers({ "X-Own": "1" }) }, (init) => (init.headers as Headers).set("X-Own", "2")],
    [
      "another object of headers",
      { headers: { "X-Own": "1" } },
      (init) => Object.assign(init, { headers: { "X-Own": "2" } }),
    ],
    ["a method", { headers: { "X-Own": "1" }, method: "PUT" }, (init) => Object.assign(init, { method: "DELETE" })],
  ];
  test.each(edits)("may be changed afterwards: %s", async (_, init, edit) => {
    const { client, seen } = createAcorn(ok);
    const method = init.method ?? "GET";
    const call = client.fetch(`${API}/a`, init);
    edit(init);
    await call;
    expect(seen[1]).toMatchObject({ method, headers: { "x-own": "1" } });
  });

  const bytes = new Uint8Array([104, 105]);
  const other = new Uint8Array([104, 105]);
  const form = new FormData();
  form.set("name", "hi");
  const bodies: [string, BodyInit, () => void, string][] = [
    ["bytes", bytes, () => bytes.fill(120), "hi"],
    ["a buffer", other.buffer, () => other.fill(120), "hi"],
    ["a form", form, () => form.set("name", "xx"), 'name="name"\r\n\r\nhi'],
  ];
  test.each(bodies)("may be a body that is changed afterwards: %s", async (_, body, edit, expected) => {
    const { client, seen } = createAcorn(ok);
    const call = client.fetch(`${API}/a`, { method: "POST", body });
    edit();
    await call;
    expect(seen[1]?.body).toContain(expected);
  });

  test("may be search parameters that are changed afterwards, and say what they are", async () => {
    const { client, seen } = createAcorn(ok);
    const body = new URLSearchParams({ a: "1" });
    const call = client.fetch(`${API}/a`, { method: "POST", body });
    body.set("a", "2");
    await call;
    expect(seen[1]).toMatchObject({ body: "a=1" });
    expect(seen[1]?.headers["content-type"]).toContain("application/x-www-form-urlencoded");
  });

  test("may be a Request that is read afterwards", async () => {
    const { client, seen } = createAcorn(ok);
    const request = new Request(`${API}/a`, { method: "POST", body: "hi", headers: { "X-Own": "1" } });
    const call = client.fetch(request);
    request.headers.set("X-Own", "2");
    expect(request.bodyUsed).toBe(true);
    await call;
    expect(seen[1]).toMatchObject({ body: "hi", headers: { "x-own": "1" } });
  });

  test("may be a URL and a Request that gives everything else", async () => {
    const { client, seen } = createAcorn(ok);
    const request = new Request("https://elsewhere.example/", { method: "PUT", body: "hi", headers: { "X-Own": "1" } });
    await client.fetch(`${API}/a`, request);
    expect(seen[1]).toMatchObject({ method: "PUT", url: `${API}/a`, body: "hi", headers: { "x-own": "1" } });
  });

  test("may be a Request and other members beside it", async () => {
    const { client, seen } = createAcorn(ok);
    const request = new Request(`${API}/a`, { method: "POST", body: "hi", headers: { "X-Own": "1" } });
    await client.fetch(request, { method: "PUT", body: "ho", headers: { "X-Other": "2" } });
    expect(seen[1]).toMatchObject({ method: "PUT", body: "ho", headers: { "x-other": "2" } });
    expect(seen[1]?.headers).not.toHaveProperty("x-own");
  });

  test("tells the type of a body beside a Request", async () => {
    const { client, seen } = createAcorn(ok);
    const form = new FormData();
    form.set("name", "hi");
    await client.fetch(new Request(`${API}/a`, { method: "POST" }), { body: form });
    await client.fetch(new Request(`${API}/b`, { method: "POST" }), { body: new URLSearchParams({ a: "1" }) });
    expect(seen.slice(1).map(({ headers }) => headers["content-type"])).toEqual([
      expect.stringMatching(/^multipart\/form-data; boundary=/),
      expect.stringMatching(/^application\/x-www-form-urlencoded/),
    ]);
  });

  test("is asked once: headers that can be read once, and getters", async () => {
    const { client, seen } = createAcorn(ok);
    const headers = (function* () {
      yield ["X-Own", "1"] as const;
    })();
    let asked = 0;
    const init = {
      headers,
      get method() {
        return asked++ === 0 ? "PUT" : "DELETE";
      },
    };
    await client.fetch(new Request(`${API}/a`, { method: "POST", body: "hi" }), init as unknown as RequestInit);
    expect(seen[1]).toMatchObject({ method: "PUT", body: "hi", headers: { "x-own": "1" } });
  });

  test("may be an instance of a class, or inherit", async () => {
    const { client, seen } = createAcorn(ok);
    class Upload {
      get method() {
        return "POST";
      }
      get body() {
        return "hi";
      }
      get headers() {
        return { "X-Own": "1" };
      }
    }
    await client.fetch(`${API}/a`, new Upload());
    await client.fetch(`${API}/b`, Object.create({ method: "POST", body: "hi", headers: { "X-Own": "1" } }));
    await client.fetch(new Request(`${API}/c`), new Upload());
    for (const request of seen.slice(1))
      expect(request).toMatchObject({ method: "POST", body: "hi", headers: { "x-own": "1" } });
  });

  test("may be a Request of a class with another constructor", async () => {
    const { client, seen } = createAcorn(ok);
    class Upload extends Request {
      constructor(body: string) {
        super(`${API}/a`, { method: "POST", body });
      }
    }
    await client.fetch(new Upload("hi"));
    await client.fetch(`${API}/b`, new Upload("ho"));
    expect(seen.slice(1).map(({ url, body }) => [url, body])).toEqual([
      [`${API}/a`, "hi"],
      [`${API}/b`, "ho"],
    ]);
  });

  test("goes again after a 401 as it went at first", async () => {
    const { client, seen } = await createSpreadAcorn(({ headers }) =>
      headers["authorization"] === "Bearer token-2" ? Response.json({}) : new Response(null, { status: 401 }),
    );
    const body = new Uint8Array([104, 105]);
    const headers = { "X-Own": "1" };
    const calls = [
      client.fetch(`${API}/a`, { method: "POST", body, headers }),
      client.fetch(new Request(`${API}/b`, { method: "POST", body: "hi" }), { body, headers }),
    ];
    body.fill(120);
    headers["X-Own"] = "2";
    expect((await Promise.all(calls)).map(({ status }) => status)).toEqual([200, 200]);
    const sent = seen.filter(({ url }) => !url.endsWith("/login"));
    expect(sent.map((request) => [request.body, request.headers["x-own"]])).toEqual(Array(4).fill(["hi", "1"]));
  });
});
