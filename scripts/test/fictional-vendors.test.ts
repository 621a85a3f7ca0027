import { join } from "node:path";
import { type MockServer, startMocks } from "@org/mock-servers";
import { conformanceCases } from "@org/mock-servers/conformance";
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
});
