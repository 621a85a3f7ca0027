import { startMock } from "@org/mock-servers";
import { type DocumentedRequest, documentedRequestCases } from "@org/mock-servers/documented-requests";
import { afterAll, describe, test } from "vitest";

const session = { method: "POST", path: "/core/api/v2/accounts/sessions/email", status: 201 };
const account = { method: "GET", path: "/core/api/v2/accounts", status: 200 };
const json = { "Content-Type": "application/json" };
const bearer = { Authorization: "Bearer example.access.token" };
const requests: DocumentedRequest[] = [
  {
    ...session,
    from: "Authenticate, cURL",
    headers: json,
    body: { email: "someone@kua.example", password: "password" },
  },
  { ...account, from: "Using the token, cURL", headers: bearer },
  { ...account, from: "Using the token, JavaScript", headers: { ...json, ...bearer } },
];

const mock = await startMock("kua-auth", { stateless: true });
afterAll(() => mock.stop());

describe("what the vendor's own documents send", () => {
  test.each(documentedRequestCases(requests))("$name", ({ run }) => run(mock.url));
});
