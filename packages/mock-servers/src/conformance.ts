import assert from "node:assert/strict";
import RefParser from "@stoplight/json-schema-ref-parser";
import { readSpec, specFile } from "./spec-file.ts";

/** The public API of the package under test; what its types say, its own tests assert. */
export interface PackageUnderTest {
  /** The factory, which takes credentials by their own names, `server` and `fetch`. */
  create(options: never): object;
  /** The guard of its errors. */
  isError(error: unknown): boolean;
}

/** One thing a spec promises, to be seen through a package's public API over HTTP on a Prism mock. */
export interface ConformanceCase {
  readonly name: string;
  run(serverUrl: string, underTest: PackageUnderTest): Promise<void>;
}

/** A client as the cases see it: a method per operationId, and `getToken` where the vendor issues tokens. */
type AnyClient = Record<string, (input?: unknown) => Promise<unknown>>;

const METHODS = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];
/** Stands for every status that only `default` documents. */
const UNLISTED_STATUS = 503;

/**
 * The conformance cases of a spec (a client package's name or a path): every operation, documented status and named example,
 * and every required member missing or of the wrong type. A new operation has its cases once it is written.
 */
export async function conformanceCases(spec: string): Promise<ConformanceCase[]> {
  const document = (await new RefParser().dereference(
    (await readSpec(specFile(spec))) as never,
  )) as unknown as Document;
  return operationsOf(document).flatMap((operation) => [
    ...answerCases(document, operation),
    ...refusalCases(document, operation),
  ]);
}

function answerCases(document: Document, operation: Operation): ConformanceCase[] {
  const { operationId } = operation;
  return Object.entries(operation.responses).flatMap(([key, response]) => {
    const status = key === "default" ? UNLISTED_STATUS : Number(key.replaceAll("X", "0"));
    const [media] = Object.values(response.content ?? {});
    const named = Object.entries(media?.examples ?? {}).map(([name, { value }]) => ({ name, value }));
    return (named.length > 0 ? named : [undefined]).map((example): ConformanceCase => {
      const run: ConformanceCase["run"] = async (serverUrl, { create, isError }) => {
        const fetch = preferring(operation, `code=${status}${example ? `, example=${example.name}` : ""}`);
        const client = create({ ...exampleCredentials(document), server: serverUrl, fetch } as never) as AnyClient;
        const call = client[operationId]?.(exampleInput(operation));
        if (status >= 300) {
          const error = await failureOf(call, isError);
          assert.deepEqual([error.operationId, error.status], [operationId, status], error.message);
          if (example) assert.deepEqual(error.body, example.value);
          return;
        }
        const data = await call;
        if (example) assert.deepEqual(data, example.value);
        if (exchangesOf(document).includes(operationId)) {
          const token = (await client["getToken"]?.()) as { accessToken: string };
          const isDocumented = JSON.stringify([example, response.headers]).includes(token.accessToken);
          assert.ok(isDocumented, "the token is the example's");
        }
      };
      return { name: `${operationId} answers ${[key, example?.name].filter(Boolean).join(" ")}`, run };
    });
  });
}

function refusalCases(document: Document, operation: Operation): ConformanceCase[] {
  const { operationId } = operation;
  const [[mediaType, media] = []] = Object.entries(operation.requestBody?.content ?? {});
  const { properties = {}, required = [] } = media?.schema ?? {};
  const input = exampleInput(operation);
  const asked = required.filter((name) => name in input && properties[name]?.const === undefined);
  const wrong = asked.flatMap((name): [string, unknown][] => [
    [`without ${name}`, { ...input, [name]: undefined }],
    // A form has no types: everything in it is text.
    ...(mediaType === "application/json"
      ? [[`with ${name} of the wrong type`, { ...input, [name]: { wrong: true } }] as [string, unknown]]
      : []),
  ]);
  return wrong.map(([what, wrongInput]) => ({
    name: `${operationId} is refused ${what}`,
    run: async (serverUrl, { create, isError }) => {
      const client = create({ ...exampleCredentials(document), server: serverUrl } as never) as AnyClient;
      const { status, code } = await failureOf(client[operationId]?.(wrongInput), isError);
      assert.ok(status !== undefined && status >= 400 && status < 500, `${code} ${status}`);
    },
  }));
}

interface Failure {
  operationId: string;
  code: string;
  message: string;
  status: number | undefined;
  body: unknown;
}

async function failureOf(call: Promise<unknown> | undefined, isError: PackageUnderTest["isError"]): Promise<Failure> {
  const error: unknown = await call?.then(
    () => new Error("the call succeeded"),
    (thrown: unknown) => thrown,
  );
  if (!isError(error)) throw error;
  return error as Failure;
}

/** Values for every credential the spec asks for, from its own examples. */
export function exampleCredentials(document: Document): Record<string, unknown> {
  const credentials: Record<string, unknown> = {};
  for (const scheme of Object.values(document.components?.securitySchemes ?? {})) {
    const names = scheme["x-credential-names"] ?? {};
    const isPlain = !scheme["x-token-exchange"];
    if (scheme.type === "http" && scheme.scheme === "basic") {
      credentials[names["username"] ?? "username"] = "example-user";
      credentials[names["password"] ?? "password"] = "example-password";
    } else if (scheme.type === "apiKey" && isPlain) credentials[names["apiKey"] ?? "apiKey"] = "example-api-key";
  }
  for (const operation of operationsOf(document)) {
    if (exchangesOf(document).includes(operation.operationId))
      Object.assign(credentials, exampleInput(operation, true));
  }
  return credentials;
}

/** An operation's flat input, from the examples of its parameters and body. */
function exampleInput(operation: Operation, askedOnly = false): Record<string, unknown> {
  const parameters = Object.fromEntries(
    operation.parameters
      .filter(({ required }) => required)
      .map(({ name, example, schema = {} }) => [
        name,
        example ?? schema.const ?? schema.enum?.[0] ?? schema.default ?? "example",
      ]),
  );
  const [media] = Object.values(operation.requestBody?.content ?? {});
  const [example] = Object.values(media?.examples ?? {});
  if (!example) return parameters;
  const members = Object.keys(media?.schema?.properties ?? {});
  const isFlat = members.length > 0 && !members.some((name) => name in parameters);
  if (!isFlat) return { ...parameters, body: example.value };
  const isAsked = ([name]: [string, unknown]) => media?.schema?.properties?.[name]?.const === undefined;
  const entries = Object.entries(example.value as object).filter((entry) => !askedOnly || isAsked(entry));
  return { ...parameters, ...Object.fromEntries(entries) };
}

/** A `fetch` that asks Prism for a certain answer of one operation, and leaves every other request alone. */
function preferring({ method, path }: Operation, prefer: string): typeof fetch {
  const pattern = new RegExp(`^${path.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace(/\{[^}]+\}/g, "[^/]+")}$`);
  return (input, init) => {
    const request = new Request(input, init);
    const isMeant = request.method === method.toUpperCase() && pattern.test(new URL(request.url).pathname);
    if (isMeant) request.headers.set("Prefer", prefer);
    return fetch(request);
  };
}

function exchangesOf(document: Document): string[] {
  return Object.values(document.components?.securitySchemes ?? {}).flatMap((scheme) => {
    const tokenUrl = scheme.flows?.clientCredentials?.tokenUrl;
    const standard = operationsOf(document).find(({ path, method }) => method === "post" && tokenUrl?.endsWith(path));
    return scheme["x-token-exchange"]?.operationId ?? standard?.operationId ?? [];
  });
}

function operationsOf(document: Document): Operation[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method] as Operation | undefined;
      const shared = (item["parameters"] ?? []) as Parameter[];
      return operation
        ? [{ ...operation, method, path, parameters: [...shared, ...(operation.parameters ?? [])] }]
        : [];
    }),
  );
}

/** What the cases read of a dereferenced document. */
interface Document {
  paths: Record<string, Record<string, unknown>>;
  components?: { securitySchemes?: Record<string, SecurityScheme> };
}
interface SecurityScheme {
  type: string;
  scheme?: string;
  flows?: { clientCredentials?: { tokenUrl: string } };
  "x-token-exchange"?: { operationId: string };
  "x-credential-names"?: Record<string, string>;
}
interface Operation {
  operationId: string;
  method: string;
  path: string;
  parameters: Parameter[];
  requestBody?: { content: Record<string, MediaType> };
  responses: Record<string, { headers?: object; content?: Record<string, MediaType> }>;
}
interface Parameter {
  name: string;
  required?: boolean;
  example?: unknown;
  schema?: Schema;
}
interface Schema {
  required?: string[];
  const?: unknown;
  enum?: unknown[];
  default?: unknown;
  properties?: Record<string, Schema>;
}
interface MediaType {
  schema?: Schema;
  examples?: Record<string, { value: unknown }>;
}
