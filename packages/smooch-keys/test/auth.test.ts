import { createHmac } from "node:crypto";
import { startMock } from "@org/mock-servers";
import { afterAll, describe, expect, test } from "vitest";
import { type BearerAuth, createSmoochKeys, type SmoochKeysServer } from "../src/index.ts";
import { jwtAuth } from "../src/jwt.ts";

const ids = { appId: "a", integrationId: "i", keyId: "k" };
const displayName = "billing";
type Smooch = ReturnType<typeof createSmoochKeys>;

/** Each operation, called once. */
const operations: Record<string, (smooch: Smooch) => Promise<unknown>> = {
  listAppKeys: (smooch) => smooch.listAppKeys({ appId: "a" }),
  createAppKey: (smooch) => smooch.createAppKey({ appId: "a", displayName }),
  getAppKey: (smooch) => smooch.getAppKey({ appId: "a", keyId: "k" }),
  deleteAppKey: (smooch) => smooch.deleteAppKey({ appId: "a", keyId: "k" }),
  listIntegrationKeys: (smooch) => smooch.listIntegrationKeys({ appId: "a", integrationId: "i" }),
  createIntegrationKey: (smooch) => smooch.createIntegrationKey({ appId: "a", integrationId: "i", displayName }),
  getIntegrationKey: (smooch) => smooch.getIntegrationKey(ids),
  deleteIntegrationKey: (smooch) => smooch.deleteIntegrationKey(ids),
};

test("the eight operations are all here", () => {
  const smooch = createSmoochKeys({ server: "us", auth: "token" });
  expect(Object.keys(smooch).sort()).toEqual([...Object.keys(operations), "client", "fetch", "settled"].sort());
});

/** A token signed as the vendor's document says, with no help from the package. */
function signed(keyId: string, secret: string, scope: string): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const text = `${encode({ alg: "HS256", typ: "JWT", kid: keyId })}.${encode({ scope })}`;
  return `${text}.${createHmac("sha256", secret).update(text).digest("base64url")}`;
}

const credentials = { keyId: "act_example", secret: "example-secret" };
const mock = await startMock("smooch-keys", { credentials });
afterAll(() => mock.stop());
const bearer = signed("act_example", "example-secret", "account");

describe("each way to authorise works for all eight operations", () => {
  const auths: [string, { keyId: string; secret: string } | { auth: BearerAuth }][] = [
    ["Basic", credentials],
    ["a signed token", { auth: bearer }],
    ["tokens it signs", { auth: jwtAuth(credentials) }],
    ["a source of tokens", { auth: { getToken: async () => ({ accessToken: bearer }) } }],
  ];
  test.each(auths)("%s", async (_, auth) => {
    const smooch = createSmoochKeys({ ...auth, server: mock.url });
    for (const [name, call] of Object.entries(operations)) {
      // The mock knows no key "k": that it says so shows that the caller was let in.
      const status = await call(smooch).then(
        () => 200,
        (error: { status: number }) => error.status,
      );
      expect([name, status]).toEqual([name, /^(get|delete)/.test(name) ? 404 : 200]);
    }
  });

  test("and one that is wrong is refused by each of them", async () => {
    const wrong = [{ auth: signed("act_example", "another-secret", "account") }, { ...credentials, secret: "wrong" }];
    for (const auth of wrong)
      for (const call of Object.values(operations))
        await expect(call(createSmoochKeys({ ...auth, server: mock.url }))).rejects.toMatchObject({ status: 401 });
  });
});

describe("each server has its address, for all eight operations", () => {
  const servers: [SmoochKeysServer, string][] = [
    ["us", "https://api.smooch.io/v2/apps/a/"],
    ["eu", "https://api.eu-1.smooch.io/v2/apps/a/"],
    [{ name: "zendesk", subdomain: "acme" }, "https://acme.zendesk.com/sc/v2/apps/a/"],
    ["https://proxy.example/smooch", "https://proxy.example/smooch/v2/apps/a/"],
    [new URL("https://proxy.example/smooch"), "https://proxy.example/smooch/v2/apps/a/"],
  ];
  test.each(servers)("%j", async (server, expected) => {
    const urls: string[] = [];
    const fetch = async (...args: Parameters<typeof globalThis.fetch>) => {
      urls.push(new Request(...args).url);
      return Response.json({});
    };
    const smooch = createSmoochKeys({ server, auth: bearer, fetch });
    for (const call of Object.values(operations)) await call(smooch);
    expect(urls).toHaveLength(8);
    expect(urls.filter((url) => !url.startsWith(expected))).toEqual([]);
  });
});
