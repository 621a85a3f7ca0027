import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from "yaml";

/** The parts of an OpenAPI 3.1 document the generator reads; the linter has checked the rest. */
export interface OpenApiDocument {
  openapi: string;
  info: { title: string; summary?: string; description?: string };
  externalDocs?: ExternalDocs;
  servers?: Server[];
  security?: SecurityRequirement[];
  paths: Record<string, PathItem>;
  components?: {
    schemas?: Record<string, Schema>;
    securitySchemes?: Record<string, SecurityScheme>;
  };
}

export type SecurityRequirement = Record<string, string[]>;
export interface ExternalDocs {
  url: string;
}
export interface Server {
  url: string;
  description?: string;
  variables?: Record<string, ServerVariable>;
  "x-name"?: string;
}
export interface ServerVariable {
  default: string;
  enum?: string[];
  description?: string;
}
export interface Reference {
  $ref: string;
}
export type PathItem = { $ref?: string; servers?: Server[]; parameters?: (Parameter | Reference)[] } & Partial<
  Record<Method, Operation>
>;
export const METHODS = ["get", "put", "post", "delete", "options", "head", "patch", "trace"] as const;
export type Method = (typeof METHODS)[number];
export interface Operation {
  operationId: string;
  summary?: string;
  description?: string;
  deprecated?: boolean;
  servers?: Server[];
  externalDocs?: ExternalDocs;
  security?: SecurityRequirement[];
  parameters?: (Parameter | Reference)[];
  requestBody?: RequestBody | Reference;
  responses: Record<string, Response | Reference>;
  /** What mock servers keep for it; `extensions.schema.json` says what each member means. */
  "x-retry"?: boolean;
  "x-mock"?: { limit?: number; rotates?: string; revokes?: string; issues?: { members: Record<string, string> } };
}
export interface Parameter {
  name: string;
  in: "path" | "query" | "header" | "cookie";
  required?: boolean;
  description?: string;
  style?: string;
  explode?: boolean;
  schema?: Schema;
}
export interface RequestBody {
  required?: boolean;
  content: Record<string, MediaType>;
}
export interface Response {
  description: string;
  headers?: Record<string, { schema?: Schema } | Reference>;
  content?: Record<string, MediaType>;
}
export interface MediaType {
  schema?: Schema;
  examples?: Record<string, { value?: unknown } | Reference>;
}
export interface Schema {
  $ref?: string;
  description?: string;
  type?: string | string[];
  format?: string;
  pattern?: string;
  const?: unknown;
  enum?: unknown[];
  default?: unknown;
  "x-jwt-assertion"?: JwtAssertion;
  writeOnly?: boolean;
  required?: string[];
  minProperties?: number;
  minItems?: number;
  properties?: Record<string, Schema>;
  additionalProperties?: boolean | Schema;
  items?: Schema;
  oneOf?: Schema[];
  anyOf?: Schema[];
  allOf?: Schema[];
}
/** A runtime expression of OpenAPI: where in a response a value is found. */
export type Expression = string;
export interface TokenExchange {
  operationId: string;
  token: Expression | Expression[];
  parameters?: Record<string, unknown>;
  expiresIn?: Expression;
  expiresInUnit?: "milliseconds" | "minutes" | "hours" | "days";
  expiresAt?: Expression;
  lifetime?: string;
  /** As OpenAPI's Link Object has it: input by name, each a constant or an expression about the last answer. */
  refresh?: { operationId: string; parameters?: Record<string, unknown> };
}
/** A JSON Web Token the client signs; texts hold `{names}` of credentials. */
export interface JwtAssertion {
  algorithm: string;
  claims: Record<string, unknown>;
  lifetime?: string;
  privateKey?: string;
  keyId?: string;
}
export interface SecurityScheme {
  type: "http" | "apiKey" | "oauth2" | "openIdConnect" | "mutualTLS";
  scheme?: string;
  in?: "header" | "query" | "cookie";
  name?: string;
  description?: string;
  flows?: { clientCredentials?: { tokenUrl: string } };
  "x-token-exchange"?: TokenExchange;
  "x-credential-names"?: Record<string, string>;
  "x-credential-template"?: string;
}

/** A mistake in a spec that its author can mend; `pointer` says where. */
export class SpecError extends Error {
  readonly pointer: readonly (string | number)[];
  constructor(message: string, pointer: readonly (string | number)[] = []) {
    super(message);
    this.name = "SpecError";
    this.pointer = pointer;
  }
}

/** Follows local references; throws {@link SpecError} where one leads nowhere or out of the document. */
export function resolve<T>(document: OpenApiDocument, value: T | Reference): T {
  let current: unknown = value;
  for (let depth = 0; isReference(current); depth++) {
    const { $ref } = current;
    if (depth > 20) throw new SpecError(`the reference ${$ref} leads back to itself`);
    if (!$ref.startsWith("#/"))
      throw new SpecError(`the reference ${$ref} leaves the document; bundle it into one file first`);
    const found = followPointer(document, $ref.slice(1));
    if (found === undefined) throw new SpecError(`the reference ${$ref} leads nowhere`);
    current = found;
  }
  return current as T;
}

export function isReference(value: unknown): value is Reference {
  return typeof value === "object" && value !== null && typeof (value as Reference).$ref === "string";
}

/** The value a JSON pointer (RFC 6901) names, or `undefined`. */
export function followPointer(value: unknown, pointer: string): unknown {
  return pointerKeys(pointer).reduce<unknown>(
    (at, key) =>
      typeof at === "object" && at !== null && Object.hasOwn(at, key)
        ? (at as Record<string, unknown>)[key]
        : undefined,
    value,
  );
}

export function pointerKeys(pointer: string): string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
}

export interface LocatedOperation {
  path: string;
  method: Method;
  item: PathItem;
  operation: Operation;
  pointer: string[];
}

/** Every operation of the document, in its order. */
export function operationsOf(document: OpenApiDocument): LocatedOperation[] {
  return Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method];
      return operation ? [{ path, method, item, operation, pointer: ["paths", path, method] }] : [];
    }),
  );
}

/** The operation's requirement, or else the document's; an empty list means that no credential is sent. */
export function securityOf(document: OpenApiDocument, operation: Operation): SecurityRequirement[] {
  return operation.security ?? document.security ?? [];
}

/** The line (from 1) a pointer stands on in the YAML text, or the nearest line above it. */
export function lineOf(text: string, pointer: readonly (string | number)[]): number {
  const lineCounter = new LineCounter();
  let node = parseDocument(text, { lineCounter }).contents as Node | null;
  let offset = 0;
  for (const key of pointer) {
    if (isSeq(node)) {
      node = (node.items[Number(key)] ?? null) as Node | null;
      offset = node?.range?.[0] ?? offset;
      continue;
    }
    if (!isMap(node)) break;
    const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key));
    if (!pair) break;
    offset = (pair.key as Node).range?.[0] ?? offset;
    node = pair.value as Node | null;
  }
  return lineCounter.linePos(offset).line;
}

/** Gives an error without a place the place it was found at. */
export function at<T>(pointer: string[], work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof SpecError && error.pointer.length === 0) throw new SpecError(error.message, pointer);
    throw error;
  }
}
