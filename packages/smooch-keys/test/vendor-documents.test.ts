import { startMock } from "@org/mock-servers";
import { type DocumentedRequest, documentedRequestCases } from "@org/mock-servers/documented-requests";
import { afterAll, describe, test } from "vitest";

const app = "/v2/apps/5d8cff3cd55b040010928b5b";
// The vendor's samples use an integration key's id for app keys too.
const appKey = `${app}/keys/int_5d8cff3cd55b040010928b5b`;
const integrationKeys = `${app}/integrations/029c31f25a21b47effd7be90/keys`;
const accept = { Accept: "application/json" };
const json = { ...accept, "Content-Type": "application/json" };
const basic = { Authorization: `Basic ${btoa("YOUR_USERNAME:YOUR_PASSWORD")}` };
const bearer = { Authorization: "Bearer YOUR_BEARER_TOKEN" };
const body = { displayName: "My custom key" };

const requests: DocumentedRequest[] = [basic, bearer].flatMap((auth) => {
  const kind = auth.Authorization.split(" ")[0];
  return [
    {
      from: `create_app_key, ${kind}`,
      method: "POST",
      path: `${app}/keys`,
      headers: { ...json, ...auth },
      body,
      status: 201,
    },
    {
      from: `list_app_keys, ${kind}`,
      method: "GET",
      path: `${app}/keys`,
      headers: { ...accept, ...auth },
      status: 200,
    },
    { from: `get_app_key, ${kind}`, method: "GET", path: appKey, headers: { ...accept, ...auth }, status: 200 },
    { from: `delete_app_key, ${kind}`, method: "DELETE", path: appKey, headers: { ...accept, ...auth }, status: 200 },
    {
      from: `Create Integration Key, ${kind === "Basic" ? "Chilkat and curl" : "Postman"}`,
      method: "POST",
      path: integrationKeys,
      headers: { "Content-Type": "application/json", ...auth },
      body,
      status: 201,
    },
  ];
});

const mock = await startMock("smooch-keys", { stateless: true });
afterAll(() => mock.stop());

describe("what the vendor's own documents send", () => {
  test.each(documentedRequestCases(requests))("$name", ({ run }) => run(mock.url));
});
