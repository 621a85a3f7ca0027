import { type Reply, startFaultServer } from "@org/mock-servers/fault-server";
import { expect, expectTypeOf, test } from "vitest";
import { createSmoochKeys, type ErrorResponse, isSmoochKeysError, type SmoochKeysError } from "../src/index.ts";

/** The error of a call that is answered so. */
async function errorOf(reply: Reply): Promise<SmoochKeysError> {
  await using server = await startFaultServer(() => reply);
  const smooch = createSmoochKeys({
    keyId: "act_example",
    secret: "example-secret",
    server: server.url,
    http: { attempts: 1 },
  });
  const error: unknown = await smooch.getAppKey({ appId: "a", keyId: "k" }).catch((thrown: unknown) => thrown);
  if (isSmoochKeysError(error)) return error;
  throw error;
}

test("the error of every status but 429 has a list of errors", async () => {
  const json = { errors: [{ code: "forbidden", title: "Forbidden" }] };
  for (const status of [400, 401, 403, 404, 413, 503]) {
    const error = await errorOf({ status, json });
    if (error.code !== "http_error") throw error;
    expectTypeOf(error.body).toEqualTypeOf<ErrorResponse>();
    expect([error.status, error.body.errors[0]?.code]).toEqual([status, "forbidden"]);
  }
});

test.each<[string, Reply, unknown]>([
  ["an object", { json: { retry: true } }, { retry: true }],
  ["text", { text: "slow down" }, "slow down"],
  ["nothing", { text: "" }, undefined],
])("nobody documents the body of 429, so it arrives as it is, as unknown: %s", async (_, reply, body) => {
  const error = await errorOf({ ...reply, status: 429, headers: { "retry-after": "7" } });
  if (error.code !== "rate_limited") throw error;
  expectTypeOf(error.body).toBeUnknown();
  expect([error.body, error.retryAfterMs]).toEqual([body, 7000]);
});

test("an error that is no JSON types nothing, and arrives as it is", async () => {
  const error = await errorOf({ status: 401, text: "<html>", headers: { "content-type": "text/html" } });
  expect([error.code, error.status, error.httpStatus, error.body]).toEqual([
    "invalid_response",
    undefined,
    401,
    "<html>",
  ]);
});
