import type { BodyKind } from "@org/auth-runtime";
import {
  type LocatedOperation,
  type Method,
  type OpenApiDocument,
  type Response,
  resolve,
  type Schema,
} from "./document.ts";

export interface ResponseModel {
  /** `200`, `4XX` or `default`. */
  status: string;
  description: string;
  kind: BodyKind;
  /** The type of a success whose body did not come, where it may be missing; `void` where it has no member at all. */
  absent: "undefined" | "void" | undefined;
  /** Without its parameters; what may be anything is JSON. */
  mediaType: string;
  schema: Schema | undefined;
}

export function isSuccess(response: ResponseModel): boolean {
  return response.status.startsWith("2");
}

/** Methods that change nothing (RFC 9110 section 9.2.1): their answers are worth nothing without a body. */
const SAFE_METHODS: readonly Method[] = ["get", "head", "options", "trace"];

/**
 * The documented answers of an operation, successes first. The body of a success may be missing where the operation changed
 * something and no member is required: what it was sent for is done.
 *
 * @param isIssuing its answer is a token
 */
export function responsesOf(
  document: OpenApiDocument,
  { operation, method }: Pick<LocatedOperation, "operation" | "method">,
  isIssuing: boolean,
): ResponseModel[] {
  const mayLackBodies = !isIssuing && !SAFE_METHODS.includes(method);
  return Object.entries(operation.responses).map(([status, entry]): ResponseModel => {
    const response = resolve<Response>(document, entry);
    const content = Object.entries(response.content ?? {});
    const json = content.find(([mediaType]) => /^(application\/(.+\+)?json|\*\/\*)\s*(;|$)/.test(mediaType));
    const [type = "", media] = json ?? content[0] ?? [];
    const kind = json ? jsonKind(document, media?.schema) : media ? "text" : "empty";
    const mediaType = type.startsWith("*") ? "application/json" : (type.split(";")[0] as string).trim();
    const { schema } = media ?? {};
    const mayLackBody = mayLackBodies && status.startsWith("2") && (kind === "object" || kind === "json");
    const absent = mayLackBody ? absentType(document, schema) : undefined;
    return { status, description: response.description, kind, absent, mediaType, schema };
  });
}

function absentType(document: OpenApiDocument, schema: Schema = {}): ResponseModel["absent"] {
  if (isNeeded(document, schema)) return undefined;
  const { type, properties = {}, additionalProperties = false, allOf, anyOf, oneOf } = resolve(document, schema);
  const hasMembers = Object.keys(properties).length > 0 || additionalProperties !== false;
  return type === "object" && !hasMembers && !(allOf ?? anyOf ?? oneOf) ? "void" : "undefined";
}

/** Whether every value of a schema has a member or an item. */
function isNeeded(document: OpenApiDocument, schema: Schema): boolean {
  const resolved = resolve<Schema>(document, schema);
  const { required = [], properties = {}, minProperties = 0, minItems = 0, allOf = [], anyOf, oneOf } = resolved;
  // A member that is only ever written is never part of an answer.
  const isRead = (name: string) => !resolve<Schema>(document, properties[name] ?? {}).writeOnly;
  const isPart = (part: Schema) => isNeeded(document, part);
  const own = required.some(isRead) || minProperties > 0 || minItems > 0;
  return own || allOf.some(isPart) || [anyOf, oneOf].some((branches) => branches?.every(isPart));
}

/** Whether a schema says nothing at all, which is how a body is described that nobody documents. */
export function isOpen(schema: Schema): boolean {
  return Object.keys(schema).every((key) => key === "description" || key === "title");
}

function jsonKind(document: OpenApiDocument, schema: Schema | undefined): BodyKind {
  if (!schema || isOpen(resolve<Schema>(document, schema))) return "any";
  return isObject(document, schema) ? "object" : "json";
}

function isObject(document: OpenApiDocument, schema: Schema | undefined): boolean {
  if (!schema) return false;
  const { type, anyOf, oneOf, allOf } = resolve<Schema>(document, schema);
  const branches = anyOf ?? oneOf;
  if (branches) return branches.every((branch) => isObject(document, branch));
  return type === "object" || (allOf?.some((part) => isObject(document, part)) ?? false);
}
