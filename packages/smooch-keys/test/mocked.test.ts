import { startMock } from "@org/mock-servers";
import { expect, test } from "vitest";
import { createSmoochKeys } from "../src/index.ts";

/** What a call failed with. */
const failure = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    ({ code, status }: { code: string; status: number }) => [code, status],
  );

test("an app of Sunshine Conversations holds ten keys, and takes an eleventh once one is deleted", async () => {
  await using mock = await startMock("smooch-keys");
  const smooch = createSmoochKeys({ ...mock.credentials, server: mock.url });
  const create = (displayName: string) => smooch.createAppKey({ appId: "a", displayName });
  for (let index = 0; index < 10; index++) await create(`key ${index}`);
  expect(await failure(create("one more"))).toEqual(["http_error", 400]);
  const { keys } = await smooch.listAppKeys({ appId: "a" });
  expect(keys.map(({ displayName }) => displayName)).toContain("key 9");
  const keyId = String(keys[0]?.id);
  await smooch.deleteAppKey({ appId: "a", keyId });
  expect(await failure(smooch.getAppKey({ appId: "a", keyId }))).toEqual(["http_error", 404]);
  await create("one more");
  expect((await smooch.listAppKeys({ appId: "b" })).keys).toEqual([]);
});

test("a key that is created signs in, for its own scope, until it is deleted", async () => {
  await using mock = await startMock("smooch-keys");
  const smooch = createSmoochKeys({ ...mock.credentials, server: mock.url });
  const { key } = await smooch.createAppKey({ appId: "a", displayName: "billing" });
  const own = createSmoochKeys({ keyId: key.id, secret: key.secret, server: mock.url });
  expect((await own.listIntegrationKeys({ appId: "a", integrationId: "i" })).keys).toEqual([]);
  expect(await failure(own.listAppKeys({ appId: "a" }))).toEqual(["http_error", 401]);
  await smooch.deleteAppKey({ appId: "a", keyId: key.id });
  expect(await failure(own.listIntegrationKeys({ appId: "a", integrationId: "i" }))).toEqual(["http_error", 401]);
});

test("a key with the scope of an app manages integration keys, and no app keys", async () => {
  const credentials = { keyId: "app_example", secret: "example-secret", scopes: ["app"] };
  await using mock = await startMock("smooch-keys", { credentials });
  const smooch = createSmoochKeys({ ...mock.credentials, server: mock.url });
  expect((await smooch.listIntegrationKeys({ appId: "a", integrationId: "i" })).keys).toEqual([]);
  expect(await failure(smooch.listAppKeys({ appId: "a" }))).toEqual(["http_error", 401]);
});
