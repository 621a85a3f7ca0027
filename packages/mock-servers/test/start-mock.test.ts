import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { MockError, startMock, startMocks } from "../src/index.ts";

const fern = fileURLToPath(new URL("fern.yaml", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "mock-servers-"));
afterAll(() => rmSync(folder, { recursive: true }));
const fileWith = (text: string) => {
  const file = join(folder, `${Math.random()}.yaml`);
  writeFileSync(file, text);
  return file;
};
const put = (
  url: string,
  headers: Record<string, string> = { Authorization: `Basic ${btoa("example-user:example-password")}` },
) =>
  fetch(`${url}/ferns/1?kind=tree`, {
    method: "PUT",
    headers: { "Content-Type": "application/json", ...headers },
    body: '{"height":3}',
  });

describe("a mock server", () => {
  test("answers as Prism does, until its block ends", async () => {
    let url = "";
    {
      await using mock = await startMock(fern);
      url = mock.url;
      expect(await (await put(url)).json()).toEqual({ height: 3 });
      const preferred = await put(url, {
        Authorization: `Basic ${btoa("example-user:example-password")}`,
        Prefer: "example=small",
      });
      expect(await preferred.json()).toEqual({ height: 1 });
      expect((await put(url, {})).status).toBe(401);
    }
    await expect(put(url)).rejects.toThrow("fetch failed");
  });

  test("shares the process with others, each on a port of its own", async () => {
    const mocks = await startMocks([fern, fern]);
    expect(new Set(mocks.map(({ url }) => url)).size).toBe(2);
    for (const { url } of mocks) expect((await put(url)).status).toBe(200);
    await Promise.all(mocks.map((mock) => mock.stop()));
  });

  test("leaves none running when one of several cannot start", async () => {
    await using taken = await startMock(fern);
    const port = Number(new URL(taken.url).port);
    await expect(startMocks([fern, fern], { port: port - 1 })).rejects.toThrow(`port ${port} is in use`);
    await expect(put(`http://127.0.0.1:${port - 1}`)).rejects.toThrow("fetch failed");
  });
});

test("a stopped mock leaves nothing that keeps a program alive, and an old Node one warning", async () => {
  const script = `
    Object.defineProperty(process.versions, "node", { value: "22.12.0" });
    const { startMock } = await import(${JSON.stringify(new URL("../src/index.ts", import.meta.url).href)});
    const mocks = [await startMock(${JSON.stringify(fern)}), await startMock(${JSON.stringify(fern)})];
    mocks[0].fail("*", { fault: "hang" });
    fetch(mocks[0].url + "/ferns/1").catch(() => undefined);
    mocks[1].fail("*", { delayMs: 600_000 });
    fetch(mocks[1].url + "/ferns/1").catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 50));
    for (const mock of mocks) await mock.stop();`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", script], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => {
    errors += chunk.toString();
  });
  expect((await once(child, "exit"))[0]).toBe(0);
  expect(errors.match(/MockWarning: Prism is made for Node >=24.18.0; this is 22.12.0/g)).toHaveLength(1);
});

describe("any OpenAPI file", () => {
  test("may have no operationIds, single examples, ids of any make, references to other files, and JSON", async () => {
    const part = join(folder, "part.yaml");
    writeFileSync(part, "type: object\nrequired: [id]\nproperties: { id: { type: string, format: uuid } }\n");
    const document = {
      openapi: "3.0.3",
      info: { title: "a", version: "1" },
      paths: {
        "/open": { get: { security: [], responses: { 200: { description: "→" } } } },
        "/items": {
          post: {
            requestBody: {
              content: { "application/json": { schema: { type: "object", properties: { kind: { enum: ["→"] } } } } },
            },
            responses: {
              201: {
                description: "made",
                content: {
                  "application/json": {
                    schema: { $ref: "./part.yaml" },
                    example: { id: "123e4567-e89b-12d3-a456-426614174000" },
                  },
                },
              },
              400: { description: "no", content: { "application/json": { schema: {}, example: {} } } },
            },
          },
        },
        "/items/{id}": {
          parameters: [{ name: "id", in: "path", required: true, schema: { type: "string" } }],
          get: {
            responses: {
              200: {
                description: "one",
                content: {
                  "application/json": {
                    schema: { $ref: "./part.yaml" },
                    example: { id: "123e4567-e89b-12d3-a456-426614174000" },
                  },
                },
              },
            },
          },
        },
      },
      components: { securitySchemes: { bearer: { type: "http", scheme: "bearer" } } },
      security: [{ bearer: [] }],
    };
    const file = join(folder, "items.json");
    writeFileSync(file, JSON.stringify(document));
    await using mock = await startMock(file);
    expect((await fetch(`${mock.url}/open`)).status).toBe(200);
    const headers = { Authorization: `Bearer ${mock.credentials.token}`, "Content-Type": "application/json" };
    const made = await fetch(`${mock.url}/items`, { method: "POST", headers, body: "{}" });
    const { id } = (await made.json()) as { id: string };
    expect([made.status, id === "123e4567-e89b-12d3-a456-426614174000"]).toEqual([201, false]);
    expect(await (await fetch(`${mock.url}/items/${id}`, { headers })).json()).toEqual({ id });
    expect((await fetch(`${mock.url}/items`, { method: "POST", headers, body: '{"kind":"x"}' })).status).toBe(400);
    mock.fail("POST /items", { status: 503 });
    expect((await fetch(`${mock.url}/items`, { method: "POST", headers, body: "{}" })).status).toBe(503);
  });
});

describe("what cannot be served is said in one sentence", () => {
  const mistakes: [string, () => string, string][] = [
    [
      "a package that is not installed",
      () => "acme-auth",
      "@org/acme-auth is not installed here; install it, or pass the path of an OpenAPI file",
    ],
    ["a file that is not there", () => "./missing.yaml", "there is no file ./missing.yaml"],
    ["a folder", () => `${folder}/`, "cannot be read (EISDIR)"],
    ["a URL", () => "https://a.example/openapi.yaml", "is no file; download it, and pass its path"],
    ["nothing", () => undefined as never, "name an installed client package, or the path of an OpenAPI file"],
    ["a file that is not YAML", () => fileWith("a: [1"), "is not YAML or JSON: "],
    ["a file that is no OpenAPI document", () => fileWith("hello: world"), "is no OpenAPI document"],
    [
      "a document without operations",
      () => fileWith("openapi: 3.1.0\ninfo: {title: a, version: '1'}\npaths: {}"),
      "has no operations to serve",
    ],
    [
      "a reference that leads nowhere",
      () => fileWith("openapi: 3.1.0\npaths: {/a: {$ref: '#/nowhere'}}"),
      "cannot be served: ",
    ],
  ];
  const options: [string, object, string][] = [
    ["an unknown option", { prot: 1 }, 'there is no option "prot"; the options are port, credentials'],
    ["a port that is none", { port: "4010" }, "port has to be a port from 0 to 65535"],
    [
      "credentials that are none",
      { credentials: [] },
      "credentials has to be an object of credentials, or a list of them",
    ],
    [
      "a credential nobody asks for",
      { credentials: { usrname: "a" } },
      'there is no credential "usrname"; the credentials are username, password',
    ],
    ["no options", null as never, "pass the options as an object"],
    ["a path that is none", { protect: "/v1" }, "protect has to be a list of paths"],
    ["a lifetime that is none", { tokenLifetimeMs: 0 }, "tokenLifetimeMs has to be a number from 1 to"],
  ];
  test.each(options)("%s", async (_, wrong, message) => {
    await expect(startMock(fern, wrong)).rejects.toThrow(message);
  });

  test.each(mistakes)("%s", async (_, spec, message) => {
    const error: unknown = await startMock(spec()).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(MockError);
    expect((error as Error).message).toContain(message);
    expect((error as Error).message).not.toContain("\n");
  });
});
