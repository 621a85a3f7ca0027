import { createReadStream, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createVendorClient } from "../src/index.ts";
import { type Acorn, acorn, createAcorn, credentials, except } from "./acorn.ts";
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

describe("a body that can be read only once", () => {
  const folder = mkdtempSync(join(tmpdir(), "upload-"));
  const file = join(folder, "file");
  writeFileSync(file, "hello");
  afterAll(() => rmSync(folder, { recursive: true }));

  const once: [string, () => unknown][] = [
    [
      "an async generator",
      () =>
        (async function* () {
          yield new TextEncoder().encode("hello");
        })(),
    ],
    ["a Node stream", () => Readable.from([Buffer.from("hello")])],
    ["a file being read", () => createReadStream(file)],
    ["a stream of another kind", () => ({ pipe: () => undefined, toString: () => "hello" })],
    ["a web stream", () => new Blob(["hello"]).stream()],
  ];
  test.each(once)("is sent once, and its 401 returned: %s", async (_, body) => {
    const { client, seen, logins } = await createSpreadAcorn(() => new Response("no", { status: 401 }));
    const init = { method: "POST", body: body(), duplex: "half" } as RequestInit;
    const response = await client.fetch(`${API}/upload`, init);
    expect([response.status, await response.text()]).toEqual([401, "no"]);
    expect(seen.filter(({ url }) => url.endsWith("/upload")).map((request) => request.body)).toEqual(["hello"]);
    expect(logins()).toBe(1);
  });

  test.each(once)("is sent once beside a Request, too: %s", async (_, body) => {
    const { client, seen } = await createSpreadAcorn(() => new Response(null, { status: 401 }));
    const init = { method: "POST", body: body(), duplex: "half" } as RequestInit;
    expect((await client.fetch(new Request(`${API}/upload`), init)).status).toBe(401);
    expect(seen.filter(({ url }) => url.endsWith("/upload")).map((request) => request.body)).toEqual(["hello"]);
  });
});

test("a Request's body is read no further once its answer is there", async () => {
  let pulls = 0;
  const pull = async (controller: ReadableStreamDefaultController) => {
    await new Promise((resolve) => setImmediate(resolve));
    pulls++;
    controller.enqueue(new Uint8Array(16));
  };
  const fetch = async (input: unknown) =>
    String(input).endsWith("/login") ? Response.json({ token: "t" }) : Response.json({});
  const { client } = createAcorn(undefined, { fetch });
  const body = new ReadableStream({ pull });
  await client.fetch(new Request(`${API}/a`, { method: "POST", body, duplex: "half" } as RequestInit));
  const read = pulls;
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
  expect(pulls).toBeLessThan(read + 4);
});

describe("a Request whose stream is still open", () => {
  let url = "";
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(request.url === "/login" ? 200 : 401, { "Content-Type": "application/json" });
    response.end('{"token":"token-1","expiresIn":3600}');
  });
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  const open = (signal?: AbortSignal) => {
    const body = new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode("begun")) });
    return new Request(`${url}/upload`, {
      method: "POST",
      body,
      duplex: "half",
      signal: signal ?? null,
    } as RequestInit);
  };
  const connect = () => createVendorClient<Acorn>(acorn, { ...credentials, server: url });

  test("has an early 401 returned at once", async () => {
    const controller = new AbortController();
    const response = await connect().fetch(open(controller.signal));
    expect(response.status).toBe(401);
    controller.abort();
  });

  test("is ended by its signal", async () => {
    const hanging = createVendorClient<Acorn>(acorn, {
      ...credentials,
      server: url,
      fetch: (input: string | URL | Request, init?: RequestInit) =>
        String(input).endsWith("/login")
          ? fetch(input, init)
          : new Promise((_, reject) => {
              init?.signal?.addEventListener("abort", () => reject(init.signal?.reason));
              (input as Request).signal.addEventListener("abort", () => reject((input as Request).signal.reason));
            }),
    });
    const controller = new AbortController();
    const call = hanging.fetch(open(controller.signal)).catch((reason: unknown) => reason);
    setTimeout(() => controller.abort(), 20);
    expect(await call).toBe(controller.signal.reason);
  });
});
