import { startMock } from "@org/mock-servers";
import { type DocumentedRequest, documentedRequestCases } from "@org/mock-servers/documented-requests";
import { afterAll, describe, test } from "vitest";

const json = { Accept: "application/json", "Content-Type": "application/json" };
const bearer = { Accept: "application/json", Authorization: "Bearer 12345" };
const credentials = { email: "your email address", secretKey: "your secret key" };
const requests: DocumentedRequest[] = [
  { from: "/auth/token, curl", method: "POST", path: "/auth/token", headers: json, body: credentials, status: 200 },
  {
    from: "delete secret key, curl",
    method: "DELETE",
    path: "/user/delete-secret-key",
    headers: bearer,
    status: 200,
  },
  {
    from: "generate secret key, curl",
    method: "PUT",
    path: "/user/generate-secret-key",
    headers: bearer,
    status: 200,
  },
];

const mock = await startMock("unith-auth", { stateless: true });
afterAll(() => mock.stop());

describe("what the vendor's own documents send", () => {
  test.each(documentedRequestCases(requests))("$name", ({ run }) => run(mock.url));
});
