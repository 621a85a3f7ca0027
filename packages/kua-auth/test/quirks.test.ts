import { type Reply, startFaultServer } from "@org/mock-servers/fault-server";
import { describe, expect, expectTypeOf, test } from "vitest";
import { createKuaAuth, type ErrorResponse, type FaultBody, isKuaAuthError, type KuaAuth } from "../src/index.ts";

const NOW = 1_700_000_000_000;
const clock = { now: () => NOW, monotonic: () => 0 };
const login = { email: "someone@kua.example", password: "example-password" };

async function against<T>(reply: Reply, use: (kua: KuaAuth) => Promise<T>): Promise<T> {
  await using server = await startFaultServer(() => reply);
  return await use(createKuaAuth({ ...login, clock, http: { attempts: 1 }, server: server.url }));
}
/** The error of a log-in that is answered so. */
async function errorOf(reply: Reply) {
  const error: unknown = await against(reply, (kua) =>
    kua.createEmailSession(login).catch((thrown: unknown) => thrown),
  );
  if (isKuaAuthError(error) && error.operationId === "createEmailSession") return error;
  throw error;
}

const session = { accessToken: "example.access.token", tokenType: "Bearer", tokenFormat: "jwt", expiresIn: 3600 };

describe("a log-in", () => {
  test.each([201, 200])("that is answered with %i is a success", async (status) => {
    expect(await against({ status, json: session }, (kua) => kua.createEmailSession(login))).toEqual(session);
    const token = await against({ status, json: session }, (kua) => kua.getToken());
    expect(token).toEqual({ accessToken: session.accessToken, expiresAt: NOW + 3_600_000 });
  });

  test("whose answer leaves out all that no list calls required lasts the documented day", async () => {
    const { accessToken } = session;
    const token = await against({ status: 201, json: { accessToken } }, (kua) => kua.getToken());
    expect(token).toEqual({ accessToken, expiresAt: NOW + 86_400_000 });
  });
});

describe("an error", () => {
  const nested = { error: { code: "Unauthorized", id: "example-id", message: "no" } };
  test.each([400, 401, 404, 503])("of status %i is nested", async (status) => {
    const error = await errorOf({ status, json: nested });
    expect([error.status, error.body]).toEqual([status, nested]);
    if (error.status === 401) expectTypeOf(error.body).toEqualTypeOf<ErrorResponse>();
    if (error.code === "http_error" && error.status === 404) expectTypeOf(error.body).toEqualTypeOf<ErrorResponse>();
  });

  test("of status 500 is flat", async () => {
    const fault = { code: "InternalFault", message: "oops" };
    const error = await errorOf({ status: 500, json: fault });
    if (error.status !== 500) throw error;
    expectTypeOf(error.body).toEqualTypeOf<FaultBody>();
    expect([error.code, error.body.code, error.body]).toEqual(["http_error", "InternalFault", fault]);
  });

  test.each([401, 500, 503])(
    "of status %i with a body that is none of both types nothing, and arrives as it is",
    async (status) => {
      const error = await errorOf({ status, text: "<html>down</html>" });
      expect([error.httpStatus, error.body]).toEqual([status, "<html>down</html>"]);
      if (error.code === "invalid_response") expectTypeOf(error.body).toBeUnknown();
      expect(error.status).toBe(status === 503 ? 503 : undefined);
    },
  );
});
