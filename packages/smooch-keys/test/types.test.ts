import { expect, expectTypeOf, test } from "vitest";
import {
  type AppKeyListResponse,
  type CreatedAppKeyResponse,
  createSmoochKeys,
  type ErrorResponse,
  isSmoochKeysError,
} from "../src/index.ts";

const key = { keyId: "act_example", secret: "example-secret" };

test("a missing credential, a misspelt one and a wrong server do not compile, and say why when they run", () => {
  // @ts-expect-error secret is missing
  expect(() => createSmoochKeys({ keyId: "act_example", server: "eu" })).toThrow("secret is missing");
  // @ts-expect-error it is keyId
  expect(() => createSmoochKeys({ ...key, keyID: "act_example", server: "eu" })).toThrow('no option "keyID"');
  // @ts-expect-error there is no such server
  expect(() => createSmoochKeys({ ...key, server: "asia" })).toThrow("server has to be one of us, eu, zendesk");
  // @ts-expect-error a subdomain is needed
  expect(() => createSmoochKeys({ ...key, server: "zendesk" })).toThrow(
    'server has to be { name: "zendesk", subdomain }',
  );
  // @ts-expect-error one of both is needed
  expect(() => createSmoochKeys({ server: "eu" })).toThrow("give keyId and secret, or auth");
  // @ts-expect-error one of both is enough
  expect(() => createSmoochKeys({ ...key, auth: "token", server: "eu" })).toThrow("give one or the other, not both");
  // @ts-expect-error a source gives tokens
  expect(() => createSmoochKeys({ auth: {}, server: "eu" })).toThrow("auth has to be a bearer token, or have");
  const hostile = { name: "zendesk", subdomain: "evil.example/" } as const;
  expect(() => createSmoochKeys({ ...key, server: hostile })).toThrow("one DNS label");
  expect(() => createSmoochKeys({ ...key, server: { name: "zendesk", subdomain: "acme" } })).not.toThrow();
});

test("a misspelt member of an input does not compile and is refused", async () => {
  const smooch = createSmoochKeys({ ...key, server: "http://127.0.0.1:9" });
  // @ts-expect-error it is displayName
  const call = smooch.createAppKey({ appId: "5d8cff3cd55b040010928b5b", name: "billing" });
  await expect(call).rejects.toThrow('it takes no "name"; its input is appId, displayName');
  // @ts-expect-error appId is missing
  await expect(smooch.listAppKeys({})).rejects.toThrow("appId is missing");
});

test("results and errors have the types of the spec", () => {
  type Smooch = ReturnType<typeof createSmoochKeys>;
  expectTypeOf<Smooch["createAppKey"]>().returns.resolves.toEqualTypeOf<CreatedAppKeyResponse>();
  // The vendor promises a secret at creation; whether it shows it later is not sure.
  expectTypeOf<CreatedAppKeyResponse["key"]["secret"]>().toEqualTypeOf<string>();
  expectTypeOf<AppKeyListResponse["keys"][number]["secret"]>().toEqualTypeOf<string | undefined>();
  // The vendor documents an empty object, and may send nothing.
  expectTypeOf<Smooch["deleteAppKey"]>().returns.resolves.toBeVoid();
  // It issues no tokens.
  expectTypeOf<Smooch>().not.toHaveProperty("getToken");

  const error: unknown = undefined;
  if (isSmoochKeysError(error) && error.operationId === "getAppKey" && error.status === 404) {
    expectTypeOf(error.code).toEqualTypeOf<"http_error">();
    expectTypeOf(error.body).toEqualTypeOf<ErrorResponse>();
  }
});
