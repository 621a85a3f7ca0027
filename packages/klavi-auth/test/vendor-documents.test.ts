import { startMock } from "@org/mock-servers";
import { type DocumentedRequest, documentedRequestCases } from "@org/mock-servers/documented-requests";
import { afterAll, describe, test } from "vitest";

const json = { Accept: "application/json", "Content-Type": "application/json" };
const token = { method: "POST", path: "/monitor/v1/auth", status: 200 };
// curl, Node.js, JavaScript, Python and Ruby all send this body; Node.js and Ruby serialise it themselves.
const requests: DocumentedRequest[] = [
  { ...token, from: "Generate Access Token, curl", headers: json, body: { accessKey: "string", secretKey: "string" } },
  {
    from: "Refresh access token",
    method: "GET",
    path: "/monitor/v1/refresh",
    headers: { Accept: "application/json", Authorization: "Bearer example.access.token" },
    status: 200,
  },
];

const mock = await startMock("klavi-auth", { stateless: true });
afterAll(() => mock.stop());

describe("what the vendor's own documents send", () => {
  test.each(documentedRequestCases(requests))("$name", ({ run }) => run(mock.url));
});
