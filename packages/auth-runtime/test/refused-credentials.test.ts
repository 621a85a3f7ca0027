import { describe, expect, test } from "vitest";
import { createVendorClient, type Vendor } from "../src/index.ts";
import { type Acorn, acorn, credentials, rejection } from "./acorn.ts";

/** Exchanges answered by the list, then by a token; 403 is documented as given. */
function connect(documented: object, ...answers: Response[]) {
  const { logIn } = acorn.operations;
  const responses = { ...logIn.responses, ...documented };
  const vendor = { ...acorn, operations: { ...acorn.operations, logIn: { ...logIn, responses } } } as Vendor;
  let requests = 0;
  const fetch = async () => {
    requests++;
    return answers.shift() ?? Response.json({ token: "example-token", expiresIn: 3600 });
  };
  const http = { backoffMs: 0 };
  const client = createVendorClient<Acorn>(vendor, { ...credentials, server: "main", fetch, http });
  return { client, requests: () => requests };
}

const forbidden = (body: unknown, headers: Record<string, string> = {}) =>
  new Response(typeof body === "string" ? body : JSON.stringify(body), { status: 403, headers });
const page = "<!DOCTYPE html><html>Too many requests from your network</html>";
const any = { 403: "any" };

describe("a 403 of an exchange refuses the credentials, for 30 s, where", () => {
  const refusals: [string, object, () => Response][] = [
    ["it is documented, with its body", { 403: "object" }, () => forbidden({ message: "wrong password" })],
    ["its range is documented", { "4XX": "object" }, () => forbidden({ message: "wrong password" })],
    ["it is documented with any body", any, () => forbidden("wrong password")],
    ["it is documented with no body", { 403: "empty" }, () => forbidden("")],
    ["it is documented as text, were it a page", { 403: "text" }, () => forbidden(page)],
    ...["invalid_client", "invalid_grant", "unauthorized_client", "access_denied"].map(
      (error): [string, object, () => Response] => [`its body is ${error}`, {}, () => forbidden({ error })],
    ),
  ];
  test.each(refusals)("%s", async (_, documented, answer) => {
    const { client, requests } = connect(documented, answer());
    for (let call = 0; call < 3; call++)
      expect(await rejection(client.getToken())).toMatchObject({ code: "invalid_credentials", httpStatus: 403 });
    expect(requests()).toBe(1);
  });
});

describe("a 403 of an exchange is a passing fault, which is repeated and holds nothing back, where", () => {
  const passing: [string, object, () => Response][] = [
    ["nobody documents it", {}, () => forbidden({ message: "blocked" })],
    ["only `default` covers it", { default: "object" }, () => forbidden({ message: "blocked" })],
    ["it is a page, though it is documented with any body", any, () => forbidden(page)],
    ["it is a page that begins with a comment", any, () => forbidden(`\n <!-- WAF --><html></html>`)],
    ["it is a page in the place of a documented object", { 403: "object" }, () => forbidden(page)],
    ["it is a page in the place of an empty body", { 403: "empty" }, () => forbidden(page)],
    ["it says when to come back", { 403: "object" }, () => forbidden({}, { "Retry-After": "0" })],
    ["OAuth says when to come back", {}, () => forbidden({ error: "invalid_client" }, { "Retry-After": "0" })],
    ["its body is another OAuth error", {}, () => forbidden({ error: "temporarily_unavailable" })],
    ["its body is null", {}, () => forbidden(null)],
    ["it is empty", {}, () => forbidden("")],
  ];
  test.each(passing)("%s", async (_, documented, answer) => {
    const once = connect(documented, answer());
    expect((await once.client.getToken()).accessToken).toBe("example-token");
    const often = connect(documented, answer(), answer(), answer());
    const error = await rejection(often.client.getToken());
    expect(error["code"]).toMatch(/^(unexpected_status|http_error|invalid_response)$/);
    expect(error["httpStatus"]).toBe(403);
    expect((await often.client.getToken()).accessToken).toBe("example-token");
    expect(often.requests()).toBe(4);
  });
});

test("a 403 of any other operation is its answer and is not repeated", async () => {
  let requests = 0;
  const fetch = async () => {
    requests++;
    return new Response(page, { status: 403 });
  };
  const client = createVendorClient<Acorn>(acorn, { ...credentials, server: "main", fetch });
  expect(await rejection(client.ping())).toMatchObject({ code: "unexpected_status", status: 403 });
  expect(requests).toBe(1);
});
