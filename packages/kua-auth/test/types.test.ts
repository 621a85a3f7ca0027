import { expect, expectTypeOf, test } from "vitest";
import {
  type AccessToken,
  type Account,
  createKuaAuth,
  type ErrorResponse,
  type FaultBody,
  isKuaAuthError,
} from "../src/index.ts";

const login = { email: "someone@kua.example", password: "example-password" };

test("a missing credential, a misspelt one and a wrong server do not compile, and say why when they run", () => {
  // @ts-expect-error password is missing
  expect(() => createKuaAuth({ email: "someone@kua.example" })).toThrow("password is missing");
  // @ts-expect-error it is email
  expect(() => createKuaAuth({ ...login, mail: "someone@kua.example" })).toThrow('no option "mail"');
  // @ts-expect-error there is no such server
  expect(() => createKuaAuth({ ...login, server: "beta" })).toThrow("server has to be one of production");
  expect(() => createKuaAuth(login)).not.toThrow();
});

test("results and errors have the types of the spec", () => {
  type Kua = ReturnType<typeof createKuaAuth>;
  expectTypeOf<Kua["createEmailSession"]>().returns.resolves.toEqualTypeOf<AccessToken>();
  // What has a default for a request may still be missing from a response.
  expectTypeOf<AccessToken["expiresIn"]>().toEqualTypeOf<number | undefined>();
  expectTypeOf<Kua["getAccount"]>().returns.resolves.toEqualTypeOf<Account>();
  expectTypeOf<Account[string]>().toBeUnknown();

  const error: unknown = undefined;
  if (isKuaAuthError(error) && error.operationId === "getAccount") {
    if (error.status === 500) expectTypeOf(error.body).toEqualTypeOf<FaultBody>();
    if (error.status === 401) expectTypeOf(error.body.error.code).toBeString();
    // `default` documents every other status.
    if (error.code === "http_error" && error.status === 404) expectTypeOf(error.body).toEqualTypeOf<ErrorResponse>();
  }
});
