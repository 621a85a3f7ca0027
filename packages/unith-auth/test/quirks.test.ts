import { type Reply, startFaultServer } from "@org/mock-servers/fault-server";
import { describe, expect, expectTypeOf, test } from "vitest";
import { createUnithAuth, isUnithAuthError, type UnithAuth, type UnithAuthError } from "../src/index.ts";

const NOW = 1_700_000_000_000;
const WEEK_MS = 7 * 86_400_000;
const clock = { now: () => NOW, monotonic: () => 0 };
const account = { email: "someone@unith.example", secretKey: "example-secret-key", clock, http: { attempts: 1 } };

/** A token that claims what it claims; nobody checks its signature. */
function jwt(claims: object): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${encode({ alg: "HS256", typ: "JWT" })}.${encode(claims)}.example-signature`;
}
async function against<T>(reply: Reply, use: (unith: UnithAuth) => Promise<T>): Promise<T> {
  await using server = await startFaultServer(() => reply);
  return await use(createUnithAuth({ ...account, server: server.url }));
}

const seconds = NOW / 1000;
const places: [string, (token: string) => object][] = [
  ["data.bearer, as the vendor's samples have it", (bearer) => ({ data: { bearer } })],
  ["token, as its reference has it", (token) => ({ token })],
  ["both places, of which the first is taken", (bearer) => ({ token: "another.example.token", data: { bearer } })],
  ["token, beside a bearer that is none", (token) => ({ token, data: { bearer: null } })],
];

describe.each(places)("a token in %s", (_, place) => {
  test.each([
    ["lives as long as it says itself", { iat: seconds, exp: seconds + 3600 }, 3_600_000],
    [
      "lives as long as it says, by the vendor's clock where that runs ahead",
      { iat: seconds + 60, exp: seconds + 3660 },
      3_600_000,
    ],
    ["that does not say lives for the documented 7 days", { role: "ADMIN" }, WEEK_MS],
  ])("%s", async (_, claims, lifetimeMs) => {
    const accessToken = jwt(claims);
    const token = await against({ json: place(accessToken) }, (unith) => unith.getToken());
    expect(token).toEqual({ accessToken, expiresAt: NOW + lifetimeMs });
  });

  test("that is no JWT lives for the documented 7 days", async () => {
    const token = await against({ json: place("opaque-token") }, (unith) => unith.getToken());
    expect(token).toEqual({ accessToken: "opaque-token", expiresAt: NOW + WEEK_MS });
  });

  test("that says it is past is none", async () => {
    const expired = place(jwt({ iat: seconds - 7200, exp: seconds - 3600 }));
    await expect(against({ json: expired }, (unith) => unith.getToken())).rejects.toMatchObject({
      code: "invalid_response",
    });
  });
});

test("201 in the place of the documented 200 is a success, too", async () => {
  const token = await against({ status: 201, json: { token: "opaque-token" } }, (unith) => unith.getToken());
  expect(token.accessToken).toBe("opaque-token");
});

describe("a body nobody documents arrives as it is, as unknown", () => {
  const bodies: [string, Reply, unknown][] = [
    ["an object", { json: { statusCode: 401, message: ["a", "b"] } }, { statusCode: 401, message: ["a", "b"] }],
    ["a list", { json: [1] }, [1]],
    ["text", { text: "Unauthorized" }, "Unauthorized"],
    ["nothing", { text: "" }, undefined],
  ];
  test.each(bodies)("of an error: %s", async (_, reply, body) => {
    for (const status of [401, 500]) {
      const error: unknown = await against({ ...reply, status }, (unith) =>
        unith.createToken({ email: "e", secretKey: "example-secret-key" }).catch((thrown: unknown) => thrown),
      );
      expect(isUnithAuthError(error) && error.status).toBe(status);
      expect((error as UnithAuthError).body).toEqual(body);
    }
  });

  test.each(bodies)("of a secret key's generation: %s", async (_, reply, body) => {
    await using server = await startFaultServer(({ method }) => (method === "POST" ? { json: { token: "t" } } : reply));
    expect(await createUnithAuth({ ...account, server: server.url }).generateSecretKey()).toEqual(body);
  });

  test("and so they are typed", () => {
    type ErrorOf<Id, Status> = Extract<UnithAuthError, { operationId: Id; status: Status }>;
    expectTypeOf<ErrorOf<"createToken", 401>["body"]>().toBeUnknown();
    expectTypeOf<ErrorOf<"createToken", 500>["body"]>().toBeUnknown();
    expectTypeOf<ErrorOf<"deleteSecretKey", 401>["body"]>().toBeUnknown();
    expectTypeOf<UnithAuth["generateSecretKey"]>().returns.resolves.toBeUnknown();
  });
});
