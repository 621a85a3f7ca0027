import { type Reply, startFaultServer } from "@org/mock-servers/fault-server";
import { describe, expect, expectTypeOf, test } from "vitest";
import { createKlaviAuth, isKlaviAuthError, type KlaviAuth, type KlaviAuthError } from "../src/index.ts";

const NOW = 1_700_000_000_000;
const clock = { now: () => NOW, monotonic: () => 0 };
const keys = { accessKey: "example-access-key", secretKey: "example-secret-key" };

async function against<T>(reply: Reply, use: (klavi: KlaviAuth) => Promise<T>): Promise<T> {
  await using server = await startFaultServer(() => reply);
  return await use(createKlaviAuth({ ...keys, clock, http: { attempts: 1 }, server: server.url }));
}

describe("expireIn counts seconds, and 1800 where it says nothing of use", () => {
  const lifetimes: [unknown, number][] = [
    [1800, 1800],
    [600, 600],
    ["600", 600],
    ["900.5", 900.5],
    ["", 1800],
    ["soon", 1800],
    [0, 1800],
    [null, 1800],
    [undefined, 1800],
  ];
  test.each(lifetimes)("%j", async (expireIn, lifetimeS) => {
    const json = { accessToken: "example.access.token", expireIn };
    const token = await against({ json }, (klavi) => klavi.getToken());
    expect(token).toEqual({ accessToken: "example.access.token", expiresAt: NOW + lifetimeS * 1000 });
  });
});

describe("a body nobody documents arrives as it is, as unknown", () => {
  const bodies: [string, Reply, unknown][] = [
    ["an object", { json: { statusCode: 4001 } }, { statusCode: 4001 }],
    ["text", { text: "too many" }, "too many"],
    ["nothing", { text: "" }, undefined],
  ];
  test.each(bodies)("%s", async (_, reply, body) => {
    for (const status of [400, 416, 429, 500]) {
      const error: unknown = await against({ ...reply, status }, (klavi) =>
        klavi.createAccessToken(keys).catch((thrown: unknown) => thrown),
      );
      expect(isKlaviAuthError(error) && error.status).toBe(status);
      expect((error as KlaviAuthError).body).toEqual(body);
    }
  });

  test("and so they are typed", () => {
    type ErrorOf<Id, Status> = Extract<KlaviAuthError, { operationId: Id; status: Status }>;
    expectTypeOf<ErrorOf<"createAccessToken", 400>["body"]>().toBeUnknown();
    expectTypeOf<ErrorOf<"createAccessToken", 429>["body"]>().toBeUnknown();
    expectTypeOf<ErrorOf<"createAccessToken", 500>["body"]>().toBeUnknown();
    expectTypeOf<ErrorOf<"refreshAccessToken", 401>["body"]>().toBeUnknown();
  });
});
