import { expect, expectTypeOf, test } from "vitest";
import { createUnithAuth, type FlatToken, isUnithAuthError, type NestedToken } from "../src/index.ts";

const account = { email: "someone@unith.example", secretKey: "example-secret-key" };

test("a missing credential, a misspelt one and a wrong server do not compile, and say why when they run", () => {
  // @ts-expect-error secretKey is missing
  expect(() => createUnithAuth({ email: "someone@unith.example" })).toThrow("secretKey is missing");
  // @ts-expect-error it is secretKey
  expect(() => createUnithAuth({ ...account, secretkey: "s" })).toThrow('no option "secretkey"');
  // @ts-expect-error there is no such server
  expect(() => createUnithAuth({ ...account, server: "sandbox" })).toThrow("server has to be one of production");
  expect(() => createUnithAuth(account)).not.toThrow();
});

test("results and errors have the types of the spec", () => {
  type Unith = ReturnType<typeof createUnithAuth>;
  expectTypeOf<Unith["createToken"]>().returns.resolves.toEqualTypeOf<NestedToken | FlatToken>();
  // Nobody documents what these answer.
  expectTypeOf<Unith["generateSecretKey"]>().returns.resolves.toBeUnknown();
  expectTypeOf<Unith["deleteSecretKey"]>().returns.resolves.toBeUnknown();

  const error: unknown = undefined;
  if (isUnithAuthError(error) && error.operationId === "createToken" && error.status === 401) {
    expectTypeOf(error.code).toEqualTypeOf<"invalid_credentials">();
    expectTypeOf(error.body).toBeUnknown();
  }
});
