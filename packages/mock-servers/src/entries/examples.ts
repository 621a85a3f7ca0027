import RefParser from "@stoplight/json-schema-ref-parser";
import { assertionCredentials, assertionOf, namesIn } from "../assertions.ts";
import { MockError } from "../errors.ts";
import { readSpec, specFile } from "../spec-file.ts";

const METHODS = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/** The dereferenced document of a spec (a client package's name or a path). */
export async function readDocument(spec: string): Promise<Document> {
  const file = specFile(spec);
  await readSpec(file);
  return dereference(file);
}

/** The document of a file with its references followed. Throws {@link MockError} for one that leads nowhere. */
export async function dereference(file: string): Promise<Document> {
  const followed = await new RefParser().dereference(file).catch((cause: unknown) => {
    const [reason] = String((cause as Error).message).split("\n");
    throw new MockError(`${file} cannot be served: ${reason}`, { cause });
  });
  return followed as unknown as Document;
}

/** Values for every credential the spec asks for, from its own examples. */
export function exampleCredentials(document: Document): Record<string, unknown> {
  const credentials: Record<string, unknown> = {};
  for (const scheme of Object.values(document.components?.securitySchemes ?? {})) {
    const { username, password, apiKey, token } = credentialNames(scheme);
    const isPlain = !scheme["x-token-exchange"];
    const template = scheme["x-credential-template"];
    if (template !== undefined && isPlain) for (const name of namesIn(template)) credentials[name] = `example-${name}`;
    else if (scheme.type === "http" && scheme.scheme === "basic") {
      credentials[username] = "example-user";
      credentials[password] = "example-password";
    } else if (scheme.type === "apiKey" && isPlain) credentials[apiKey] = "example-api-key";
    else if (scheme.type === "http" && isPlain && scheme.scheme?.toLowerCase() !== "bearer")
      credentials[token] = "example-token";
  }
  for (const exchange of Object.values(exchangesByScheme(document))) {
    const operation = operationsOf(document).find(({ operationId }) => operationId === exchange.operationId);
    if (!operation) continue;
    const supplied = suppliedMembers(exchange, operation);
    const asked = Object.entries(exampleInput(operation, true)).filter(([name]) => !supplied.includes(name));
    const { assertion } = assertionOf(operation) ?? {};
    Object.assign(credentials, Object.fromEntries(asked), assertion && assertionCredentials(assertion));
  }
  return credentials;
}

/** The members of an exchange's input that no credential is: what the extension fixes, what is signed, what a refresh brings. */
export function suppliedMembers({ operationId, parameters, refresh }: TokenExchange, operation: Operation): string[] {
  const renewing = refresh?.operationId === operationId ? refresh.parameters : undefined;
  const { name: signed = [] } = assertionOf(operation) ?? {};
  return [...Object.keys(parameters ?? {}), ...Object.keys(renewing ?? {}), ...[signed].flat()];
}

/** An operation's flat input, from the examples of its parameters and body; `askedOnly` leaves out what the spec fixes. */
export function exampleInput(operation: Operation, askedOnly = false): Record<string, unknown> {
  const parameters = Object.fromEntries(
    operation.parameters
      .filter(({ required, schema }) => required && !(askedOnly && isFixed(schema)))
      .map(({ name, example, schema = {} }) => [
        name,
        example ?? schema.const ?? schema.enum?.[0] ?? schema.default ?? "example",
      ]),
  );
  const [media] = Object.values(operation.requestBody?.content ?? {});
  const [example = media?.example === undefined ? undefined : { value: media.example }] = Object.values(
    media?.examples ?? {},
  );
  if (!example) return parameters;
  const members = bodyMembers(media?.schema);
  const isFlat =
    members.length > 0 && !members.some(({ name }) => operation.parameters.some((each) => each.name === name));
  if (!isFlat) return { ...parameters, body: example.value };
  const fixed = askedOnly ? members.filter(({ isFixed }) => isFixed).map(({ name }) => name) : [];
  const entries = Object.entries(example.value as object).filter(([name]) => !fixed.includes(name));
  return { ...parameters, ...Object.fromEntries(entries) };
}

export interface BodyMember {
  readonly name: string;
  readonly required: boolean;
  /** It can have one value only. */
  readonly isFixed: boolean;
  readonly isSecret: boolean;
  /** It is signed by the client. */
  readonly assertion?: JwtAssertion | undefined;
}

/** The members of a body that is one object, the parts of `allOf` joined; none if it is anything else. */
export function bodyMembers(schema: Schema = {}): BodyMember[] {
  const { properties = {}, required = [], allOf = [], oneOf, anyOf } = schema;
  if (oneOf || anyOf) return [];
  const own = Object.entries(properties).map(([name, member]) => ({
    name,
    required: required.includes(name),
    isFixed: required.includes(name) && isFixed(member),
    isSecret: member.format === "password",
    assertion: member["x-jwt-assertion"],
  }));
  return [...own, ...allOf.flatMap(bodyMembers)];
}

/** Whether a value can be one only. */
export function isFixed({ const: value, enum: values }: Schema = {}): boolean {
  return value !== undefined || values?.length === 1;
}

/** A request of an operation as a curl command, made of its examples. */
export function curlOf(document: Document, operation: Operation, serverUrl: string): string {
  const { method, parameters, requestBody, security = document.security ?? [] } = operation;
  const input = exampleInput(operation);
  const path = operation.path.replace(/\{([^}]+)\}/g, (_, name: string) => encodeURIComponent(String(input[name])));
  const query = parameters.filter((parameter) => parameter.in === "query" && parameter.required);
  const search = new URLSearchParams(query.map(({ name }) => [name, String(input[name])])).toString();
  const [[mediaType, media] = []] = Object.entries(requestBody?.content ?? {});
  const [example] = Object.values(media?.examples ?? {});
  const isForm = mediaType === "application/x-www-form-urlencoded";
  const body = isForm ? new URLSearchParams(example?.value as never).toString() : JSON.stringify(example?.value);
  const schemes = Object.keys(security[0] ?? {}).map((name) => document.components?.securitySchemes?.[name]);
  return [
    `curl -X ${method.toUpperCase()} '${serverUrl}${path}${search && `?${search}`}'`,
    ...schemes.map((scheme) => {
      if (scheme?.scheme === "basic") return "-u example-user:example-password";
      const isBearer = scheme?.type !== "apiKey";
      if (isBearer) return "-H 'Authorization: Bearer example-token'";
      return `-H '${scheme.name}: ${scheme["x-token-exchange"] ? "example-token" : "example-api-key"}'`;
    }),
    ...(mediaType ? [`-H 'Content-Type: ${mediaType}'`, `-d '${body}'`] : []),
  ].join(" ");
}

/** The operation that issues the tokens a client's `getToken` gives: those of the document's own scheme, or else the first. */
export function mainExchangeOf(document: Document): string | undefined {
  const exchanges = exchangesByScheme(document);
  const [own] = Object.keys(document.security?.[0] ?? {}).filter((name) => name in exchanges);
  return (exchanges[own ?? ""] ?? Object.values(exchanges)[0])?.operationId;
}

/** The operations that issue tokens. */
export function exchangesOf(document: Document): string[] {
  return Object.values(exchangesByScheme(document)).map(({ operationId }) => operationId);
}

/** How the token of each scheme that has one is issued: by the extension, or as OAuth 2.0 says. */
export function exchangesByScheme(document: Document): Record<string, TokenExchange> {
  const entries = Object.entries(document.components?.securitySchemes ?? {}).flatMap(([name, scheme]) => {
    if (scheme["x-token-exchange"]) return [[name, scheme["x-token-exchange"]] as const];
    const tokenUrl = scheme.flows?.clientCredentials?.tokenUrl;
    const standard = operationsOf(document).find(({ path, method }) => method === "post" && tokenUrl?.endsWith(path));
    if (!standard) return [];
    const { operationId } = standard;
    const [token, expiresIn] = ["$response.body#/access_token", "$response.body#/expires_in"];
    return [[name, { operationId, token, expiresIn } satisfies TokenExchange] as const];
  });
  return Object.fromEntries(entries);
}

/** What a client's options call the credentials of a scheme. */
export function credentialNames({ "x-credential-names": names }: SecurityScheme) {
  return { username: "username", password: "password", apiKey: "apiKey", token: "token", ...names };
}

/** Every operation, in the document's order; one without an operationId is called by its method and path. */
export function operationsOf(document: Document): Operation[] {
  return Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item?.[method] as Partial<Operation> | undefined;
      if (!operation) return [];
      const { operationId = `${method.toUpperCase()} ${path}`, responses = {} } = operation;
      const parameters = [...((item["parameters"] ?? []) as Parameter[]), ...(operation.parameters ?? [])];
      return [{ ...operation, operationId, responses, method, path, parameters }];
    }),
  );
}

/** What is read of a dereferenced document. */
export interface Document {
  security?: Record<string, string[]>[];
  paths: Record<string, Record<string, unknown>>;
  components?: { securitySchemes?: Record<string, SecurityScheme> };
}
export interface SecurityScheme {
  type: string;
  name?: string;
  in?: string;
  scheme?: string;
  bearerFormat?: string;
  flows?: { clientCredentials?: { tokenUrl: string } };
  "x-token-exchange"?: TokenExchange;
  "x-credential-template"?: string;
  "x-credential-names"?: { username?: string; password?: string; apiKey?: string; token?: string };
}
/** How a scheme's token is issued; `specs/README.md` says what each member means. */
export interface TokenExchange {
  operationId: string;
  token: string | string[];
  parameters?: Record<string, unknown>;
  expiresIn?: string;
  expiresInUnit?: string;
  expiresAt?: string;
  lifetime?: string;
  refresh?: { operationId: string; parameters?: Record<string, unknown> };
}
/** How a client makes an assertion. */
export interface JwtAssertion {
  algorithm: string;
  claims: Record<string, unknown>;
  lifetime?: string;
  privateKey?: string;
  keyId?: string;
}
export interface Operation {
  security?: Record<string, string[]>[];
  operationId: string;
  method: string;
  path: string;
  parameters: Parameter[];
  requestBody?: { content: Record<string, MediaType> };
  responses: Record<string, { headers?: object; content?: Record<string, MediaType> }>;
  "x-mock"?: { limit?: number; rotates?: string; revokes?: string; issues?: IssuedCredential };
}
/** What is created is a credential. */
export interface IssuedCredential {
  /** Which of its members is which credential, by the credential's name. */
  members: Record<string, string>;
  /** What it is good for; everything, if none are named. */
  scopes?: string[];
}
interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  example?: unknown;
  schema?: Schema;
}
export interface Schema {
  type?: string | string[];
  format?: string;
  items?: Schema;
  allOf?: Schema[];
  oneOf?: Schema[];
  anyOf?: Schema[];
  required?: string[];
  const?: unknown;
  enum?: unknown[];
  default?: unknown;
  properties?: Record<string, Schema>;
  "x-jwt-assertion"?: JwtAssertion;
}
interface MediaType {
  schema?: Schema;
  example?: unknown;
  examples?: Record<string, { value: unknown }>;
}
