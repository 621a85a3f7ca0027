import { expect, expectTypeOf, test } from "vitest";
import { type AccessToken, createKlaviAuth, type ErrorBody, isKlaviAuthError, type Token } from "../src/index.ts";

const keys = { accessKey: "example-access-key", secretKey: "example-secret-key" };

test("a missing credential, a misspelt one and a wrong server do not compile, and say why when they run", () => {
  // @ts-expect-error secretKey is missing
  expect(() => createKlaviAuth({ accessKey: "a", server: "sandbox" })).toThrow("secretKey is missing");
  // @ts-expect-error it is secretKey
  expect(() => createKlaviAuth({ ...keys, secretkey: "s", server: "sandbox" })).toThrow('no option "secretkey"');
  // @ts-expect-error there is no such server
  expect(() => createKlaviAuth({ ...keys, server: "staging" })).toThrow("server has to be one of sandbox, production");
  // @ts-expect-error with two servers, one has to be chosen
  expect(() => createKlaviAuth(keys)).toThrow("server has to be one of sandbox, production");
  // @ts-expect-error credentials are strings
  expect(() => createKlaviAuth({ ...keys, secretKey: 1, server: "sandbox" })).toThrow("secretKey has to be a string");
});

test("a misspelt member of an input does not compile and is refused", async () => {
  const klavi = createKlaviAuth({ ...keys, server: "http://127.0.0.1:9" });
  // @ts-expect-error it is accessKey
  const call = klavi.createAccessToken({ accesskey: "a", secretKey: "s" });
  await expect(call).rejects.toThrow('it takes no "accesskey"; its input is accessKey, secretKey');
});

test("results and errors have the types of the spec", () => {
  type Klavi = ReturnType<typeof createKlaviAuth>;
  expectTypeOf<Klavi["createAccessToken"]>().returns.resolves.toEqualTypeOf<AccessToken>();
  expectTypeOf<AccessToken>().toMatchObjectType<{ accessToken: string; expireIn: number }>();
  expectTypeOf<Klavi["getToken"]>().returns.resolves.toEqualTypeOf<Token>();

  const error: unknown = undefined;
  if (isKlaviAuthError(error) && error.operationId === "createAccessToken") {
    if (error.status === 401) {
      expectTypeOf(error.code).toEqualTypeOf<"invalid_credentials">();
      expectTypeOf(error.body).toEqualTypeOf<ErrorBody>();
      expectTypeOf(error.body.message).toBeString();
    }
    if (error.status === 429) expectTypeOf(error.code).toEqualTypeOf<"rate_limited">();
    if (error.status === 503) expectTypeOf(error.body).toBeUnknown();
    if (error.code === "network_error") expectTypeOf(error.status).toEqualTypeOf<undefined>();
  }
});

test("client takes and gives what the spec says", async () => {
  const { client } = createKlaviAuth({ ...keys, server: "http://127.0.0.1:9" });
  const call = () => client.POST("/monitor/v1/auth", { body: keys, signal: AbortSignal.abort() });
  type Answer = Awaited<ReturnType<typeof call>>;
  expectTypeOf<Answer["data"]>().toEqualTypeOf<AccessToken | undefined>();
  expectTypeOf<Answer["response"]>().toEqualTypeOf<Response>();
  // @ts-expect-error it is accessKey
  const misspelt = () => client.POST("/monitor/v1/auth", { body: { accesskey: "a", secretKey: "s" } });
  // @ts-expect-error the body is missing
  const empty = () => client.POST("/monitor/v1/auth");
  // @ts-expect-error there is no such path
  const unknown = () => client.GET("/monitor/v1/auth");
  expect([misspelt, empty, unknown]).toHaveLength(3);
  await expect(call()).rejects.toMatchObject({ name: "AbortError" });
});
