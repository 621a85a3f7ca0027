import { pascalCase, schemaNames } from "../emit/names.ts";
import { walk } from "../lint/rules/rule.ts";
import {
  type OpenApiDocument,
  operationsOf,
  type Response,
  resolve,
  type Schema,
  SpecError,
  securityOf,
} from "../spec/document.ts";
import { modelOf, OPTION_NAMES } from "../spec/model.ts";
import { looksSecret } from "../spec/secrets.ts";
import { UsageError } from "../workspace.ts";
import { type Draft, located, type Pointer, valueAt } from "./draft.ts";
import { deriveExamples } from "./examples.ts";
import { recognisedExchanges, recognisedRefresh } from "./recognise.ts";
import { camelCase, sentence } from "./words.ts";

/** A token as RFC 6750 has it in an `Authorization` header. */
const BEARER_TOKEN = "^[A-Za-z0-9._~+/-]+=*$";

/** Adds to a draft what follows from the rest of it. Throws {@link UsageError} where two things could. */
export function derive(draft: Draft, name: string): void {
  deriveInfo(draft);
  deriveOperations(draft);
  deriveTokenEndpoint(draft);
  deriveExchange(draft);
  deriveSecurity(draft);
  deriveSecrets(draft);
  deriveRefusals(draft);
  deriveExamples(draft);
  deriveSchemaNames(draft, name);
}

/** A schema is exported under its name, which something else may need. */
function deriveSchemaNames(draft: Draft, name: string): void {
  for (let tries = Object.keys(draft.document.components?.schemas ?? {}).length; tries > 0; tries--) {
    try {
      schemaNames(modelOf(draft.document), pascalCase(name));
      return;
    } catch (error) {
      const [, kind, schema] = error instanceof SpecError ? error.pointer : [];
      // Whatever else stands in the way, the linter says with its line.
      if (kind !== "schemas" || typeof schema !== "string") return;
      draft.renameSchema(
        schema,
        `${/^[A-Za-z]/.test(schema) ? "" : "Schema"}${schema}Model`,
        "its own name is taken in the package's types",
      );
    }
  }
}

function deriveInfo(draft: Draft): void {
  const {
    info,
    servers = [],
    tags = [],
  } = draft.document as OpenApiDocument & {
    info: { license?: unknown };
    tags?: { name: string; description?: string }[];
  };
  if (!info.license) {
    draft.add(["info", "license"], { name: "MIT", identifier: "MIT" }, "this repository's, whose document it is now");
  }
  const taken = new Set(servers.map((server) => server["x-name"]));
  servers.forEach((server, index) => {
    if (server.url.endsWith("/") && server.url !== "/")
      draft.add(["servers", index, "url"], server.url.replace(/\/+$/, ""), "paths begin with a slash");
    if (server["x-name"] !== undefined) return;
    const words = /sandbox|staging|test|demo|dev|production|prod|eu|us/i.exec(
      `${server.description ?? ""} ${server.url}`,
    );
    const fallback = servers.length === 1 ? "production" : camelCase(server.description ?? "") || `server${index + 1}`;
    const name = servers.length > 1 && words ? words[0].toLowerCase() : fallback;
    const free = taken.has(name) ? `${name}${index + 1}` : name;
    taken.add(free);
    draft.add(["servers", index, "x-name"], free, "users select a server by name");
  });
  tags.forEach((tag, index) => {
    if (!tag.description) draft.add(["tags", index, "description"], `${tag.name}.`, "the linter wants one");
  });
}

function deriveOperations(draft: Draft): void {
  const taken = new Set<string>();
  for (const { path, method, operation, pointer } of operationsOf(draft.document)) {
    const words = operation.operationId ?? `${method} ${path.replaceAll(/\{(\w+)\}/g, "by $1")}`;
    const id = camelCase(words);
    const free = taken.has(id) ? camelCase(`${method} ${path}`) : id;
    taken.add(free);
    if (free !== operation.operationId)
      draft.add([...pointer, "operationId"], free, "a method of the client has this name");
    if (!operation.summary)
      draft.add([...pointer, "summary"], sentence(free), "the method's documentation begins with it");
  }
}

/** The endpoint of the standard flow, where a document names its URL and does not describe it. */
function deriveTokenEndpoint(draft: Draft): void {
  const { components, servers = [], paths } = draft.document;
  for (const scheme of Object.values(components?.securitySchemes ?? {})) {
    const tokenUrl = scheme.type === "oauth2" ? scheme.flows?.clientCredentials?.tokenUrl : undefined;
    if (tokenUrl === undefined || scheme["x-token-exchange"]) continue;
    const bases = servers.map(({ url }) => url.replace(/\/$/, ""));
    const base = bases.find((url) => tokenUrl.startsWith(`${url}/`));
    const elsewhere = !base && URL.canParse(tokenUrl) ? new URL(tokenUrl) : undefined;
    const path = elsewhere ? elsewhere.pathname : tokenUrl.slice((base ?? "").length);
    if (paths[path]?.post) continue;
    const string = { type: "string" };
    const secret = { ...string, format: "password" };
    draft.add(
      ["paths", path, "post"],
      {
        operationId: "createToken",
        summary: "Obtain an access token (RFC 6749, section 4.4)",
        security: [],
        ...(elsewhere && { servers: [{ url: elsewhere.origin }] }),
        requestBody: {
          required: true,
          content: {
            "application/x-www-form-urlencoded": {
              schema: {
                type: "object",
                required: ["grant_type", "client_id", "client_secret"],
                properties: {
                  grant_type: { const: "client_credentials" },
                  client_id: string,
                  client_secret: secret,
                  scope: string,
                },
              },
            },
          },
        },
        responses: {
          "200": {
            description: "An access token.",
            content: {
              "application/json": {
                schema: {
                  type: "object",
                  required: ["access_token", "token_type"],
                  properties: {
                    access_token: { ...secret, pattern: BEARER_TOKEN },
                    token_type: string,
                    expires_in: { type: "integer" },
                  },
                },
              },
            },
          },
        },
      },
      "the endpoint of the scheme's tokenUrl, as RFC 6749 has it",
    );
  }
}

function deriveExchange(draft: Draft): void {
  const { document } = draft;
  const schemes = Object.entries(document.components?.securitySchemes ?? {});
  if (schemes.some(([, scheme]) => scheme["x-token-exchange"] ?? scheme.flows?.clientCredentials)) return;
  const exchanges = recognisedExchanges(document);
  const bearers = schemes.filter(([, scheme]) => scheme.scheme?.toLowerCase() === "bearer");
  const holders = bearers.length > 0 ? bearers : schemes.filter(([, { type }]) => type === "apiKey");
  if (exchanges.length === 0 || holders.length !== 1) return;
  const [name] = holders[0] as (typeof holders)[number];
  if (exchanges.length > 1) {
    const ids = exchanges.map(({ operationId }) => operationId).join(" and ");
    throw new UsageError(
      `[new-vendor] ${ids} both look as if they issue the token of ${name}; say which, as x-token-exchange under components.securitySchemes.${name}`,
    );
  }
  const refresh = recognisedRefresh(document, name);
  const [exchange] = exchanges;
  draft.add(
    ["components", "securitySchemes", name, "x-token-exchange"],
    { ...exchange, ...(refresh !== undefined && { refresh: { operationId: refresh } }) },
    "its answer holds a token",
  );
}

function deriveSecurity(draft: Draft): void {
  const { document } = draft;
  const exchanges = new Set(
    Object.values(document.components?.securitySchemes ?? {}).map((scheme) => scheme["x-token-exchange"]?.operationId),
  );
  for (const { operation, pointer } of operationsOf(document)) {
    if (operation.security) continue;
    if (exchanges.has(operation.operationId) && (document.security ?? []).length > 0)
      draft.add([...pointer, "security"], [], "what issues the token cannot need it");
    else if (!document.security)
      draft.add([...pointer, "security"], [], "without one it is public, which has to be said");
  }
}

function deriveSecrets(draft: Draft): void {
  const { document } = draft;
  const mark = (at: Pointer) => {
    const schema = valueAt(document, at) as Schema;
    if (Object(schema).format === undefined && [schema.type].flat().includes("string"))
      draft.add([...at, "format"], "password", "its name is a secret's");
  };
  walk(document, [], (value, pointer) => {
    const { properties, in: place, name, schema } = value as Schema & { in?: string; name?: string; schema?: Schema };
    if (pointer.includes("examples") || pointer.includes("example")) return;
    if (typeof place === "string" && looksSecret(String(name)) && schema)
      mark(located(document, [...pointer, "schema"]));
    if (pointer.at(-1) === "properties" || typeof properties !== "object") return;
    for (const member of Object.keys(properties))
      if (looksSecret(member)) mark(located(document, [...pointer, "properties", member]));
  });
  for (const at of tokenPlaces(document)) {
    const schema = valueAt(document, at) as Schema;
    if (schema.format === undefined) draft.add([...at, "format"], "password", "it is the token");
    if (schema.pattern === undefined) draft.add([...at, "pattern"], BEARER_TOKEN, "a header can carry it");
  }
  for (const [name, scheme] of Object.entries(document.components?.securitySchemes ?? {})) {
    const own = scheme.type === "apiKey" ? "apiKey" : scheme.scheme?.toLowerCase() === "basic" ? undefined : "token";
    if (own && OPTION_NAMES.includes(own) && !scheme["x-credential-names"])
      draft.add(
        ["components", "securitySchemes", name, "x-credential-names"],
        { [own]: `${own}Value` },
        "an option has this name",
      );
  }
}

/** Where the answers of the exchanges hold their tokens. */
function tokenPlaces(document: OpenApiDocument): Pointer[] {
  const schemes = Object.values(document.components?.securitySchemes ?? {});
  return operationsOf(document).flatMap(({ operation, pointer }) => {
    const own = schemes.filter((scheme) => scheme["x-token-exchange"]?.operationId === operation.operationId);
    const expressions = own.flatMap((scheme) => scheme["x-token-exchange"]?.token ?? []);
    const isStandard = schemes.some(
      (scheme) => scheme.flows?.clientCredentials && operation.operationId === "createToken",
    );
    const keys = [...expressions, ...(isStandard ? ["$response.body#/access_token"] : [])]
      .filter((expression) => expression.startsWith("$response.body#/"))
      .map((expression) => expression.slice("$response.body#/".length).split("/"));
    return Object.entries(operation.responses ?? {})
      .filter(([status]) => status.startsWith("2"))
      .flatMap(([status, entry]) => {
        const [media] = Object.keys(resolve<Response>(document, entry).content ?? {});
        return keys.map((path) => {
          const steps = path.flatMap((key) => ["properties", key]);
          return located(document, [...pointer, "responses", status, "content", media ?? "", "schema", ...steps]);
        });
      })
      .filter((at) => valueAt(document, at) !== undefined);
  });
}

function deriveRefusals(draft: Draft): void {
  for (const { operation, pointer } of operationsOf(draft.document)) {
    const statuses = Object.keys(operation.responses ?? {});
    const isProtected = securityOf(draft.document, operation).some((each) => Object.keys(each).length > 0);
    const refused = {
      description: "Refused. Nobody documents the body.",
      content: { "application/json": { schema: {} } },
    };
    if (isProtected && !statuses.some((status) => /^4(01|XX)$/i.test(status)))
      draft.add([...pointer, "responses", "401"], refused, "it needs a credential, which can be wrong");
    else if (!statuses.some((status) => status.startsWith("4")))
      draft.add([...pointer, "responses", "4XX"], refused, "every request can be refused");
  }
}
