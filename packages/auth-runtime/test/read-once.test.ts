import { createReadStream, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createVendorClient } from "../src/index.ts";
import { type Acorn, acorn, createAcorn, credentials } from "./acorn.ts";
import { createSpreadAcorn } from "./spread-acorn.ts";

const API = "https://api.acorn.example";

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
