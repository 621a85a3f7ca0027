import type { Bump } from "../src/spec-diff/finding.ts";
import type { AnyDocument as Document } from "./workspace.ts";

type Edit = (document: Document) => unknown;

const operation = (path: string, method: string, document: Document) => document.paths[path][method];
const scope = (document: Document) => operation("/keys", "get", document).parameters[0];
const request = (document: Document) => document.components.schemas.TokenRequest;
const response = (document: Document) => document.components.schemas.TokenResponse;
const key = (document: Document) => document.components.schemas.Key;
const body = (document: Document) => operation("/auth", "post", document).requestBody;
const drop = (holder: Document, name: string) => delete holder[name];
const move = (holder: Document, from: string, to: string) => {
  holder[to] = holder[from];
  drop(holder, from);
};
const servers =
  (name: string, fields: object = {}): Edit =>
  (document) => {
    document.servers = [{ url: "https://{region}.example.com", "x-name": name, ...fields }];
  };
const region = (fields: object): Edit => servers("main", { variables: { region: { default: "eu", ...fields } } });
const withExchange =
  (fields: object): Edit =>
  (document) => {
    document.components.securitySchemes.bearerAuth["x-token-exchange"] = {
      ...{ operationId: "createToken", token: "$response.body#/accessToken" },
      ...fields,
    };
  };
const secured =
  (...security: object[]): Edit =>
  (document) => {
    operation("/keys", "get", document).security = security;
  };
const typed =
  (schema: (document: Document) => Document, name: string, value: unknown): Edit =>
  (document) => {
    schema(document).properties[name] = value;
  };

/** What changes in the corpus's base document, the bump that has to cause, and what is edited on both sides before it. */
export const PAIRS: readonly [change: string, expected: Bump, edit: Edit, before?: Edit][] = [
  ["a query parameter moves to a header", "major", (d) => Object.assign(scope(d), { in: "header" })],
  ["an optional parameter is removed", "major", (d) => operation("/keys", "get", d).parameters.pop()],
  ["a parameter is renamed", "major", (d) => Object.assign(scope(d), { name: "scopes" })],
  [
    ...["a parameter's default changes", "major"],
    (d) => Object.assign(scope(d).schema, { default: "user" }),
    (d) => Object.assign(scope(d).schema, { default: "app" }),
  ] as [string, Bump, Edit, Edit],
  ["a parameter's default is documented", "minor", (d) => Object.assign(scope(d).schema, { default: "user" })],
  [
    "a parameter may be left out",
    "minor",
    (d) => Object.assign(scope(d), { required: false }),
    (d) => Object.assign(scope(d), { required: true }),
  ],
  [
    "a path parameter is renamed",
    "major",
    (d) => {
      move(d.paths, "/keys/{id}", "/keys/{keyId}");
      d.paths["/keys/{keyId}"].get.parameters[0].name = "keyId";
    },
    (d) => {
      d.paths["/keys/{id}"] = {
        get: {
          operationId: "getKey",
          parameters: [{ name: "id", in: "path", required: true, schema: { type: "string" } }],
          responses: { 200: { description: "OK" } },
        },
      };
    },
  ],
  ["a path moves", "major", (d) => move(d.paths, "/legacy", "/old")],
  ["a method changes", "major", (d) => move(d.paths["/legacy"], "get", "put")],

  [
    "an error status is documented",
    "minor",
    (d) => {
      operation("/auth", "post", d).responses[403] = {
        description: "no",
        content: { "application/json": { schema: { type: "object", properties: { why: { type: "string" } } } } },
      };
    },
  ],
  [
    "a first error status is documented",
    "minor",
    (d) => {
      operation("/legacy", "get", d).responses[404] = { description: "no" };
    },
  ],
  [
    "a default answer is documented",
    "minor",
    (d) => {
      operation("/auth", "post", d).responses.default = { description: "no" };
    },
  ],
  ["an error status is no longer documented", "major", (d) => drop(operation("/auth", "post", d).responses, "401")],
  [
    "an error's body loses a member",
    "major",
    (d) => {
      operation("/auth", "post", d).responses[401].content["application/json"].schema = {
        type: "object",
        properties: {},
      };
    },
  ],
  [
    "an answer has a second success",
    "major",
    (d) => {
      operation("/auth", "post", d).responses[202] = { description: "later" };
    },
  ],
  [
    "a response header is removed",
    "major",
    (d) => drop(operation("/legacy", "get", d).responses[200], "headers"),
    (d) => {
      operation("/legacy", "get", d).responses[200].headers = { "X-Total": { schema: { type: "integer" } } };
    },
  ],

  ["a secret of a request is marked", "patch", typed(request, "secretKey", { type: "string", format: "password" })],
  ["a secret of a response is marked", "patch", typed(response, "accessToken", { type: "string", format: "password" })],
  [
    "a secret is no longer marked",
    "major",
    typed(request, "secretKey", { type: "string" }),
    typed(request, "secretKey", { type: "string", format: "password" }),
  ],
  [
    "a secret is marked and a member removed",
    "major",
    (d) => {
      request(d).properties.secretKey.format = "password";
      drop(request(d).properties, "grant");
    },
  ],
  [
    "a format changes",
    "major",
    typed(key, "id", { type: "string", format: "email" }),
    typed(key, "id", { type: "string", format: "uuid" }),
  ],

  [
    "a part of allOf gains a response member",
    "minor",
    (d) => typed((each) => response(each).allOf[1], "more", { type: "string" })(d),
    (d) => {
      d.components.schemas.TokenResponse = { allOf: [response(d), { type: "object", properties: {} }] };
    },
  ],
  [
    "a part of allOf loses a request member",
    "major",
    (d) => drop(request(d).allOf[1].properties, "note"),
    (d) => {
      d.components.schemas.TokenRequest = {
        allOf: [request(d), { type: "object", properties: { note: { type: "string" } } }],
      };
    },
  ],
  [
    "an alternative is added to a response",
    "major",
    typed(key, "status", { oneOf: [{ type: "string" }, { type: "integer" }] }),
    typed(key, "status", { oneOf: [{ type: "string" }] }),
  ],
  [
    "an alternative is removed from a request",
    "major",
    typed(request, "grant", { anyOf: [{ type: "string" }] }),
    typed(request, "grant", { anyOf: [{ type: "string" }, { type: "integer" }] }),
  ],
  [
    "an alternative of a request loses a member",
    "major",
    (d) => drop(request(d).properties.target.oneOf[0].properties, "zone"),
    typed(request, "target", {
      oneOf: [
        { type: "object", properties: { name: { type: "string" }, zone: { type: "string" } } },
        { type: "object", required: ["id"], properties: { id: { type: "string" } } },
      ],
    }),
  ],
  [
    "a list has other items",
    "major",
    typed(key, "tags", { type: "array", items: { type: "integer" } }),
    typed(key, "tags", { type: "array", items: { type: "string" } }),
  ],
  [
    "a member of a list's items is removed",
    "major",
    typed(key, "uses", { type: "array", items: { type: "object", properties: {} } }),
    typed(key, "uses", { type: "array", items: { type: "object", properties: { at: { type: "string" } } } }),
  ],
  ["a request is closed to other members", "major", (d) => Object.assign(request(d), { additionalProperties: false })],
  ["a request is opened to other members", "minor", (d) => Object.assign(request(d), { additionalProperties: true })],

  [
    "a request's content type changes",
    "major",
    (d) => move(body(d).content, "application/json", "application/x-www-form-urlencoded"),
  ],
  [
    "a request's content type becomes one no client sends",
    "major",
    (d) => move(body(d).content, "application/json", "application/xml"),
  ],
  [
    "a request has another content type too",
    "minor",
    (d) => {
      body(d).content["application/x-www-form-urlencoded"] = body(d).content["application/json"];
    },
  ],
  [
    "a response's content type changes",
    "major",
    (d) => move(operation("/auth", "post", d).responses[200].content, "application/json", "text/plain"),
  ],
  ["a body may be left out", "minor", (d) => Object.assign(body(d), { required: false })],
  [
    "a body has to be sent",
    "major",
    (d) => Object.assign(body(d), { required: true }),
    (d) => Object.assign(body(d), { required: false }),
  ],
  ["a body is no longer taken", "major", (d) => drop(operation("/auth", "post", d), "requestBody")],

  ["a scope is required", "major", secured({ bearerAuth: ["read", "write"] }), secured({ bearerAuth: ["read"] })],
  [
    "a scope is no longer required",
    "minor",
    secured({ bearerAuth: ["read"] }),
    secured({ bearerAuth: ["read", "write"] }),
  ],
  [
    "another way to authenticate is accepted",
    "minor",
    secured({ basicAuth: [] }, { bearerAuth: [] }),
    secured({ basicAuth: [] }),
  ],
  [
    "an operation becomes public while another needs the same credentials",
    "minor",
    secured(),
    (d) => {
      operation("/legacy", "get", d).security = [{ basicAuth: [] }];
    },
  ],
  ["the last operation that needs credentials becomes public, and the options lose them", "major", secured()],
  [
    "a key travels under another name",
    "major",
    (d) => Object.assign(d.components.securitySchemes.basicAuth, { name: "X-B" }),
    (d) => {
      d.components.securitySchemes.basicAuth = { type: "apiKey", in: "header", name: "X-A" };
    },
  ],
  [
    "a credential is named otherwise",
    "major",
    (d) => {
      d.components.securitySchemes.basicAuth["x-credential-names"] = { username: "keyId", password: "secret" };
    },
  ],
  ["a token's lifetime is documented", "minor", withExchange({ lifetime: "PT1H" }), withExchange({})],
  ["a token is exchanged where users brought it", "major", withExchange({}), secured({ bearerAuth: [] })],

  ["a server is renamed", "major", servers("live"), servers("main")],
  [
    "a third server is added",
    "minor",
    (d) => d.servers.push({ url: "https://c.example.com", "x-name": "c" }),
    (d) => {
      d.servers = ["a", "b"].map((name) => ({ url: `https://${name}.example.com`, "x-name": name }));
    },
  ],
  [
    "a second server is added, so that users have to choose",
    "major",
    (d) => d.servers.push({ url: "https://b.example.com", "x-name": "b" }),
    (d) => {
      d.servers[0]["x-name"] = "a";
    },
  ],
  [
    "a server variable is removed",
    "major",
    (d) => {
      d.servers = [{ url: "https://eu.example.com", "x-name": "main" }];
    },
    region({}),
  ],
  [
    "a server variable's default changes",
    "major",
    region({ enum: ["eu", "us"], default: "us" }),
    region({ enum: ["eu", "us"] }),
  ],
  ["a server variable loses a value", "major", region({ enum: ["eu"] }), region({ enum: ["eu", "us"] })],
  ["a server variable gains a value", "minor", region({ enum: ["eu", "us"] }), region({ enum: ["eu"] })],

  [
    "a constant of a request changes",
    "major",
    typed(request, "grant", { const: "b" }),
    typed(request, "grant", { const: "a" }),
  ],
  [
    "a constant of a response changes",
    "major",
    typed(response, "tokenFormat", { const: "b" }),
    typed(response, "tokenFormat", { const: "a" }),
  ],
  ["a request takes null", "minor", typed(request, "accessKey", { type: ["string", "null"] })],
  [
    "a request no longer takes null",
    "major",
    typed(request, "accessKey", { type: "string" }),
    typed(request, "accessKey", { type: ["string", "null"] }),
  ],
  [
    "a request takes any number",
    "minor",
    typed(request, "size", { type: "number" }),
    typed(request, "size", { type: "integer" }),
  ],
  ["a response is any number", "major", typed(response, "expiresIn", { type: "number" })],
  ["a response always has a member", "minor", (d) => response(d).required.push("tokenFormat")],
  ["a request may leave a member out", "minor", (d) => request(d).required.pop()],
  [
    "a request's length is limited more",
    "major",
    typed(request, "accessKey", { type: "string", maxLength: 5 }),
    typed(request, "accessKey", { type: "string", maxLength: 9 }),
  ],
  [
    "a request's length is limited less",
    "minor",
    typed(request, "accessKey", { type: "string", maxLength: 9 }),
    typed(request, "accessKey", { type: "string", maxLength: 5 }),
  ],
  [
    "a response's minimum is lowered",
    "major",
    typed(response, "expiresIn", { type: "integer", minimum: 0 }),
    typed(response, "expiresIn", { type: "integer", minimum: 1 }),
  ],
  ["a request has to match a pattern", "major", typed(request, "accessKey", { type: "string", pattern: "^a" })],
  ["a request member may only be read", "major", (d) => Object.assign(request(d).properties.grant, { readOnly: true })],
  [
    "a response member may only be written",
    "major",
    (d) => Object.assign(response(d).properties.tokenFormat, { writeOnly: true }),
  ],
  [
    "a schema is renamed, and its type with it",
    "major",
    (d) =>
      Object.assign(
        d,
        JSON.parse(JSON.stringify(d).replaceAll(/"Key"|schemas\/Key"/g, (each) => each.replace("Key", "ApiKey"))),
      ),
  ],

  ["an operation is deprecated", "minor", (d) => Object.assign(operation("/legacy", "get", d), { deprecated: true })],
  ["a member is deprecated", "minor", (d) => Object.assign(key(d).properties.id, { deprecated: true })],
  [
    "a token's format is hinted at",
    "patch",
    (d) => Object.assign(d.components.securitySchemes.bearerAuth, { bearerFormat: "JWT" }),
  ],
  ["a server's URL ends in a slash", "patch", (d) => Object.assign(d.servers[0], { url: "https://api.example.com/" })],
  [
    "an example is added",
    "patch",
    (d) => Object.assign(body(d).content["application/json"], { example: { accessKey: "a" } }),
  ],
  ["a member is described", "patch", (d) => Object.assign(key(d).properties.id, { description: "The key's id." })],
  [
    "a member that is called description is removed",
    "major",
    (d) => drop(request(d).properties, "description"),
    typed(request, "description", { type: "string" }),
  ],
  [
    "tags, a title and a word to mock servers",
    "patch",
    (d) => {
      Object.assign(d, { tags: [{ name: "Keys" }] });
      d.info.title = "Small";
      operation("/keys", "get", d)["x-mock"] = { limit: 10 };
    },
  ],
];
