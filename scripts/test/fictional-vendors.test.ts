import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type MockServer, startMocks } from "@org/mock-servers";
import { conformanceCases } from "@org/mock-servers/conformance";
import { exampleCredentials, readDocument } from "@org/mock-servers/examples";
import { afterAll, describe, expect, test } from "vitest";
import { generate } from "../src/generate.ts";
import { createWorkspace, fictionalSpecs, importPackage } from "./workspace.ts";

// The same path as a real vendor's, so that nothing grows around the four real ones alone.
const names = Object.keys(fictionalSpecs);
const { root, remove } = createWorkspace(fictionalSpecs);
const written = await generate(root);
const specs = names.map((name) => join(root, "specs", `${name}.yaml`));
const mocks: MockServer[] = await startMocks(specs);
/** These accept any credentials and issue the tokens of the examples. */
const plainMocks: MockServer[] = await startMocks(specs, { stateless: true });
afterAll(async () => {
  await Promise.all([...mocks, ...plainMocks].map((mock) => mock.stop()));
  remove();
});

const packageOf = (name: string) => importPackage(root, name);

test("every fictional vendor generates", () => {
  expect(written.split("\n")).toHaveLength(5 * names.length);
});

describe.each(names)("%s", async (name) => {
  const underTest = await packageOf(name);
  const mock = mocks[names.indexOf(name)] as MockServer;
  test.each(await conformanceCases(join(root, "specs", `${name}.yaml`)))("$name", ({ run }) => run(mock, underTest));
});

describe("what each of them does that the real ones do not", () => {
  type Recorded = { url: string; headers: Headers; body: string };
  async function record(name: string, credentials: object, method: string, input: object): Promise<Recorded[]> {
    const requests: Recorded[] = [];
    const { url } = plainMocks[names.indexOf(name)] as MockServer;
    const client = (await packageOf(name)).create({
      ...credentials,
      server: url,
      fetch: async (...args: Parameters<typeof fetch>) => {
        const request = new Request(...args);
        requests.push({ url: request.url, headers: request.headers, body: await request.clone().text() });
        return fetch(request);
      },
    } as never) as Record<string, (input: object) => Promise<unknown>>;
    await client[method]?.(input);
    return requests;
  }

  test("aster-oauth sends a form with the fixed grant and Basic, and the token as bearer", async () => {
    const [exchange, call] = await record(
      "aster-oauth",
      { clientId: "id", clientSecret: "example-secret" },
      "getThing",
      { thingId: "a b", expand: "parts" },
    );
    expect(exchange?.headers.get("Content-Type")).toBe("application/x-www-form-urlencoded");
    expect(exchange?.headers.get("Authorization")).toBe(`Basic ${btoa("id:example-secret")}`);
    expect(exchange?.body).toBe("grant_type=client_credentials");
    expect(call?.headers.get("Authorization")).toBe("Bearer example-token");
    expect(new URL(call?.url ?? "").href).toMatch(/\/v1\/things\/a%20b\?expand=parts$/);
  });

  test("birch-session reads the token from a header and sends it as X-Auth-Token", async () => {
    const [, call] = await record("birch-session", { user: "u", password: "example-password" }, "getThing", {
      thingId: "1",
    });
    expect(call?.headers.get("X-Auth-Token")).toBe("example-token");
    expect(call?.headers.get("Authorization")).toBeNull();
  });

  test("cedar-text takes the bare body as the token, valid for the documented hour", async () => {
    const { url } = plainMocks[names.indexOf("cedar-text")] as MockServer;
    const client = (await packageOf("cedar-text")).create({ user: "u", password: "p", server: url } as never) as {
      getToken(): Promise<{ accessToken: string; expiresAt: number }>;
    };
    const { accessToken, expiresAt } = await client.getToken();
    expect(accessToken).toBe("example-token");
    expect(expiresAt - Date.now()).toBeGreaterThan(3_590_000);
    expect(expiresAt - Date.now()).toBeLessThanOrEqual(3_600_000);
  });

  test("dogwood-forever keeps a token nobody gives a lifetime", async () => {
    const requests = await record("dogwood-forever", { user: "u", password: "p" }, "getToken", {});
    expect(requests).toHaveLength(1);
  });

  test.each<[vendor: string, credentials: object, method: string, header: string, value: string | null]>([
    ["hazel-basic", { listKey: "key" }, "listKeys", "Authorization", `Basic ${btoa("key:")}`],
    [
      "hazel-basic",
      { email: "a@b.example", mailKey: "key" },
      "listMails",
      "Authorization",
      `Basic ${btoa("a@b.example/token:key")}`,
    ],
    ["spruce-scheme", {}, "listPairs", "Authorization", "Key-Pair example-publicKey:example-privateKey"],
    ["spruce-scheme", {}, "getThing", "Authorization", "OAuth example-token"],
    ["rowan-tenant", {}, "getThing", "Authorization", "Token token=example-token"],
    ["katsura-bare", {}, "getThing", "Authorization", "example-token"],
    ["juniper-cookie", {}, "getThing", "Cookie", "SESSION=example-token"],
    ["juniper-cookie", {}, "getThing", "Authorization", null],
    ["larch-chain", {}, "getThing", "X-Auth-Token", "example-token"],
    ["quince-mutual", {}, "getThing", "Authorization", "Bearer example-token"],
  ])("%s with %o sends for %s in %s: %s", async (name, credentials, method, header, value) => {
    const document = await readDocument(join(root, "specs", `${name}.yaml`));
    const all = { ...exampleCredentials(document), ...credentials };
    const requests = await record(name, all, method, method === "getThing" ? { thingId: "1" } : {});
    expect(requests.at(-1)?.headers.get(header)).toBe(value);
  });

  test("ivy-query has the secret in the query of one request, and the token in the query of the next", async () => {
    const credentials = { app: "an app", app_secret: "example-secret" };
    const [exchange, call] = await record("ivy-query", credentials, "getThing", { thingId: "1" });
    expect(exchange?.url).toMatch(/\/v1\/token\?app=an%20app&app_secret=example-secret&grant=app$/);
    expect(call?.url).toMatch(/\/v1\/things\/1\?session_key=example-token$/);
  });

  test("quince-mutual says that it needs a fetch with a certificate", () => {
    const text = readFileSync(join(root, "packages/quince-mutual/src/generated/client.ts"), "utf8");
    expect(text).toContain("give a `fetch` that presents the client's");
  });

  test("a package carries what signs assertions only if its spec asks for one", () => {
    const signing = names.filter((name) =>
      readFileSync(join(root, "packages", name, "src/generated/vendor.ts"), "utf8").includes("auth-runtime/assertion"),
    );
    expect(signing).toEqual(["olive-assertion", "poplar-client"]);
  });

  test("quince-mutual sends nothing of its own for the certificate: the fetch it is given presents it", async () => {
    const [exchange] = await record("quince-mutual", { client_id: "id" }, "getThing", { thingId: "1" });
    expect(exchange?.headers.get("Authorization")).toBeNull();
    expect(exchange?.body).toBe("client_id=id&grant_type=client_credentials");
  });

  test("tamarack-large sends lists, nothing, and one of several bodies", async () => {
    const [listed] = await record("tamarack-large", { apiKey: "key" }, "listGroves", {
      kinds: ["small", "large"],
      limit: 2,
    });
    expect(listed?.url).toMatch(/\?kinds=small&kinds=large&limit=2$/);
    const [created] = await record("tamarack-large", { apiKey: "key" }, "createGrove", {
      kind: "small",
      size: null,
      tags: ["a"],
    });
    expect(created?.body).toBe('{"kind":"small","size":null,"tags":["a"]}');
    const [replaced] = await record("tamarack-large", { apiKey: "key" }, "replaceGrove", {
      groveId: "1",
      body: { shape: "square", side: 2 },
    });
    expect(replaced?.body).toBe('{"shape":"square","side":2}');
  });
});
