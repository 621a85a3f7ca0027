import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { checkRule, houseRules } from "../src/lint/house-rules.ts";
import { lintSpecs } from "../src/lint/run-redocly.ts";
import type { OpenApiDocument } from "../src/spec/document.ts";
import { ROOT } from "../src/workspace.ts";
import { fictionalSpecs, VENDORS } from "./workspace.ts";

/** A change that breaks a rule: in which spec, what is replaced by what, and the beginning of what is reported. */
type Breach = [rule: string, vendor: string, from: string, to: string, message: string];

const breaches: Breach[] = [
  ["openapi-3-1", "cedar-text", "openapi: 3.1.0", "openapi: 3.0.3", "the document is OpenAPI 3.0.3; convert it to 3.1"],
  ["openapi-3-1", "cedar-text", "openapi: 3.1.0", 'swagger: "2.0"', "the document is OpenAPI 2.0; convert it to 3.1"],
  [
    "local-references",
    "cedar-text",
    '"#/components/schemas/Thing"',
    '"./thing.yaml"',
    "the reference ./thing.yaml leaves the document",
  ],
  ["extensions", "cedar-text", "lifetime: PT1H", "lifetime: 1 hour", "lifetime must match pattern"],
  [
    "extensions",
    "cedar-text",
    "lifetime: PT1H",
    "lifeTime: PT1H",
    "x-token-exchange must NOT have additional properties (lifeTime)",
  ],
  ["extensions", "cedar-text", "token: $response.body", "token: access_token", "token must match pattern"],
  [
    "extensions",
    "aster-oauth",
    "username: clientId",
    "userName: clientId",
    "x-credential-names must NOT have additional properties (userName)",
  ],
  ["extensions", "cedar-text", "x-name: production", "x-name: Pro Duction", "x-name must match pattern"],
  ["extensions", "cedar-text", "summary: Get a thing", "x-mock: { limit: 0 }", "limit must be >= 1"],
  ["extensions", "cedar-text", "summary: Get a thing", "x-retry: never", "x-retry must be boolean"],
  ["server-names", "cedar-text", "    x-name: production\n", "", "a server needs an x-name"],
  [
    "server-names",
    "cedar-text",
    "tags:\n",
    "  - url: https://b.cedar.example\n    x-name: production\ntags:\n",
    'two servers are named "production"',
  ],
  ["server-names", "elm-everything", "      region:", "      name:", 'no variable may be called "name"'],
  ["token-exchange", "cedar-text", "      security: []\n", "", "createToken needs the very token it issues"],
  [
    "exchange-parameters",
    "nutmeg-grants",
    "parameters:\n          grant_type: password",
    "parameters:\n          grant: password",
    'createToken takes no "grant"; its input is grant_type, username',
  ],
  [
    "token-renewal",
    "maple-rotating",
    "refreshToken: $response",
    "refresh: $response",
    'renew takes no "refresh"; its input is refreshToken, clientId',
  ],
  [
    "token-renewal",
    "maple-rotating",
    "$response.body#/refreshToken",
    "$response.body#/renewal",
    "renewal is in no success response of logIn",
  ],
  [
    "token-renewal",
    "maple-rotating",
    "parameters:\n            refreshToken:",
    "parameters:\n            clientId:",
    'renew needs "refreshToken", which is no credential; add it to parameters',
  ],
  [
    "token-renewal",
    "maple-rotating",
    "description: What renews it.\n          type: string\n          format: password",
    "description: What renews it.\n          type: string",
    "what renews a token is a secret; mark its schema in logIn format: password",
  ],
  [
    "token-renewal",
    "larch-chain",
    "token: $response.body#/token\n",
    "token: $response.body#/token\n        refresh: { operationId: createAccountToken }\n",
    "the token is in no success response of createAccountToken",
  ],
  [
    "token-renewal",
    "larch-chain",
    "token: $response.body#/accountToken\n",
    "token: $response.body#/accountToken\n        refresh: { operationId: createTenantToken, parameters: { tenant: x } }\n",
    "the token is in no success response of createTenantToken",
  ],
  [
    "assertions",
    "poplar-client",
    '          $ref: "#/components/schemas/ClientAssertion"\n    RenewalRequest',
    "          type: string\n          x-jwt-assertion: { algorithm: ES256, claims: { iss: a } }\n    RenewalRequest",
    '"client_assertion" is a secret while it lasts; mark it format: password',
  ],
  ["extensions", "olive-assertion", "algorithm: RS256", "algorithm: none", "algorithm must be equal to one of"],
  [
    "extensions",
    "rowan-tenant",
    "expiresInUnit: minutes",
    "expiresInUnit: weeks",
    "expiresInUnit must be equal to one of",
  ],
  ["generatable", "rowan-tenant", "token={token}", "token={token};", '"token={token};" has to end in {token}'],
  [
    "generatable",
    "rowan-tenant",
    "          x-name: sandbox\n",
    "          x-name: another\n",
    'createToken has no server for "sandbox"; add one with that x-name',
  ],
  [
    "generatable",
    "hazel-basic",
    "scheme: basic\n      x-credential-names",
    "scheme: digest\n      x-credential-names",
    "a security scheme of type http digest is not supported",
  ],
  [
    "credential-names",
    "elm-everything",
    "  parameters:\n    ThingId:",
    "    second:\n      type: apiKey\n      in: query\n      name: key\n      x-credential-names: { apiKey: appKey }\n  parameters:\n    ThingId:",
    'two schemes call their credential "appKey"',
  ],
  [
    "generatable",
    "elm-everything",
    "style: deepObject",
    "style: form",
    'the query parameter "filter" is serialised in a way that is not supported',
  ],
  [
    "generatable",
    "elm-everything",
    "        - name: kinds\n",
    "        - name: kinds\n          explode: false\n",
    'the query parameter "kinds" is serialised in a way that is not supported',
  ],
  [
    "generatable",
    "cedar-text",
    "      operationId: getThing",
    "      servers: [{ url: https://b.example }]\n      operationId: getThing",
    "servers of a single path or operation are not supported",
  ],
  [
    "generatable",
    "cedar-text",
    "  /v1/things/{thingId}:\n",
    "  /v1/other:\n    $ref: '#/paths/~1v1~1token'\n  /v1/things/{thingId}:\n",
    "a path that is a reference is not supported",
  ],
  ["operation-ids", "cedar-text", "operationId: getThing", "operationId: Get_Thing", "an operationId is camelCase"],
  [
    "operation-ids",
    "cedar-text",
    "operationId: getThing",
    "operationId: getToken",
    '"getToken" is a member every client has',
  ],
  [
    "operation-ids",
    "cedar-text",
    "operationId: getThing",
    "operationId: settled",
    '"settled" is a member every client has',
  ],
  [
    "operation-ids",
    "cedar-text",
    "operationId: getThing",
    "operationId: createToken",
    'the operationId "createToken" is taken',
  ],
  [
    "token-exchange",
    "cedar-text",
    "        operationId: createToken",
    "        operationId: create",
    'no operation of this document is called "create"',
  ],
  [
    "token-exchange",
    "cedar-text",
    "lifetime: PT1H",
    "refresh: { operationId: renew }",
    'no operation of this document is called "renew"',
  ],
  [
    "token-exchange",
    "cedar-text",
    "lifetime: PT1H",
    "refresh: { operationId: createToken }",
    "createToken refreshes the token of bearerAuth, so its security has to name bearerAuth",
  ],
  [
    "token-exchange",
    "dogwood-forever",
    "#/data/token",
    "#/data/bearer",
    "$response.body#/data/bearer resolves in no success response of logIn",
  ],
  [
    "token-exchange",
    "birch-session",
    "$response.header.x-subject-token",
    "$response.header.x-other",
    "$response.header.x-other resolves in no success",
  ],
  ["token-exchange", "birch-session", "#/expiresAt", "#/expires", "$response.body#/expires resolves in no success"],
  [
    "token-exchange",
    "dogwood-forever",
    '$ref: "#/components/schemas/LoginResponse"',
    'anyOf: [{ $ref: "#/components/schemas/LoginResponse" }, { $ref: "#/components/schemas/Thing" }]',
    "not every schema of the 200 response of logIn has",
  ],
  [
    "token-pattern",
    "cedar-text",
    "      pattern: ^[A-Za-z0-9._~+/-]+=*$\n",
    "",
    "the token of bearerAuth needs a pattern",
  ],
  [
    "token-pattern",
    "cedar-text",
    "pattern: ^[A-Za-z0-9._~+/-]+=*$",
    "pattern: ^.+$",
    "the token of bearerAuth needs a pattern",
  ],
  [
    "token-pattern",
    "birch-session",
    "pattern: ^[A-Za-z0-9._~+/-]+=*$",
    "minLength: 1",
    "the token of sessionToken needs a pattern",
  ],
  [
    "token-pattern",
    "cedar-text",
    "      format: password\n      pattern",
    "      pattern",
    "the token of bearerAuth is a secret",
  ],
  [
    "secrets-marked",
    "cedar-text",
    "          type: string\n          format: password\n",
    "          type: string\n",
    '"password" looks like a secret',
  ],
  ["secrets-marked", "cedar-text", "- name: expand", "- name: api_key", 'the parameter "api_key" looks like a secret'],
  [
    "named-examples",
    "cedar-text",
    "              examples:\n                thing:\n                  summary: A thing\n                  value:\n                    id: thing-1\n",
    "",
    "the application/json body needs a named example",
  ],
  [
    "named-examples",
    "cedar-text",
    "      type: object\n      required: [id]\n      properties:\n        id:\n          description: Its id.\n          type: string\n",
    "",
    "an open schema says that nobody documents the body",
  ],
  ["neutral-default", "cedar-text", '        "401":\n', "        default:\n", 'begin with one named "neutral"'],
  [
    "protected-401",
    "cedar-text",
    '                    id: thing-1\n        "401":\n',
    '                    id: thing-1\n        "404":\n',
    "getThing needs a credential, so document its 401",
  ],
  [
    "credential-names",
    "cedar-text",
    "      operationId: getThing\n",
    "      operationId: getThing\n      x-mock: { rotates: secret }\n",
    'x-mock names "secret", which is no credential; they are user, password',
  ],
  [
    "credential-names",
    "cedar-text",
    "      operationId: getThing\n",
    "      operationId: getThing\n      x-mock: { issues: { members: { secret: id } } }\n",
    'x-mock names "secret", which is no credential; they are user, password',
  ],
  [
    "credential-names",
    "cedar-text",
    "        user:\n",
    "        server:\n",
    'the credential "server" has the name of an option',
  ],
  [
    "credential-names",
    "aster-oauth",
    "password: clientSecret",
    "password: fetch",
    'the credential "fetch" has the name of an option',
  ],
  [
    "flat-collision",
    "cedar-text",
    "      security: []\n",
    "      security: []\n      parameters: [{ name: user, in: query, schema: { type: string } }]\n",
    "user: both a parameter and a body member",
  ],
  ["generatable", "cedar-text", "in: query", "in: cookie", 'the cookie parameter "expand" is not supported'],
  [
    "generatable",
    "aster-oauth",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "none of the body's media types is supported",
  ],
  [
    "generatable",
    "aster-oauth",
    "tokenUrl: https://api.aster.example/oauth/token",
    "tokenUrl: https://other.example/token",
    "the tokenUrl https://other.example/token is no operation",
  ],
  [
    "generatable",
    "aster-oauth",
    "scheme: basic",
    "scheme: digest",
    "a security scheme of type http digest is not supported",
  ],
  ["generatable", "cedar-text", '"200":', '"2XX":', 'the status "2XX" is not supported'],
  [
    "generatable",
    "cedar-text",
    '"#/components/schemas/Thing"',
    '"#/components/schemas/Nothing"',
    "the reference #/components/schemas/Nothing leads nowhere",
  ],
];

describe("each house rule reports its breach", () => {
  test.each(breaches)("%s in %s: %s becomes %s", (rule, vendor, from, to, message) => {
    const text = fictionalSpecs[vendor] as string;
    expect(text).toContain(from);
    if (rule !== "flat-collision") expect(checkRule(rule, parse(text) as OpenApiDocument)).toEqual([]);
    const findings = checkRule(rule, parse(text.replace(from, to)) as OpenApiDocument);
    expect(findings.map((finding) => finding.message).join("\n")).toContain(message);
  });

  test("and each rule has a breach", () => {
    expect(new Set(breaches.map(([rule]) => rule))).toEqual(new Set(Object.keys(houseRules)));
  });
});

test("Redocly runs every house rule", () => {
  const { rules } = parse(readFileSync(join(ROOT, "redocly.yaml"), "utf8")) as { rules: object };
  const own = Object.keys(rules).filter((rule) => rule.startsWith("house/"));
  expect(own).toEqual(Object.keys(houseRules).map((rule) => `house/${rule}`));
});

test("the fictional specs have no findings of any rule, Redocly's own included", async () => {
  const files = Object.keys(fictionalSpecs).map((name) => join(VENDORS, `${name}.yaml`));
  // The one spec that has everything also has a body member of a parameter's name, which is a warning.
  expect((await lintSpecs(files, ROOT)).map(({ rule }) => rule)).toEqual(["house/flat-collision"]);
});

test("the real specs have no findings, warnings included", async () => {
  const files = ["klavi-auth", "kua-auth", "smooch-keys", "unith-auth"].map((name) => `specs/${name}.yaml`);
  expect(await lintSpecs(files, ROOT)).toEqual([]);
});
