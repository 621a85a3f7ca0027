import type { BodyKind } from "@org/auth-runtime";
import { type OpenApiDocument, type Operation, type Response, resolve, type Schema } from "./document.ts";

export interface ResponseModel {
  /** `200`, `4XX` or `default`. */
  status: string;
  description: string;
  kind: BodyKind;
  /** Without its parameters; what may be anything is JSON. */
  mediaType: string;
  schema: Schema | undefined;
}

export function isSuccess(response: ResponseModel): boolean {
  return response.status.startsWith("2");
}

/** The documented answers of an operation, successes first. */
export function responsesOf(document: OpenApiDocument, operation: Operation): ResponseModel[] {
  return Object.entries(operation.responses).map(([status, entry]): ResponseModel => {
    const response = resolve<Response>(document, entry);
    const content = Object.entries(response.content ?? {});
    const json = content.find(([mediaType]) => /^(application\/(.+\+)?json|\*\/\*)\s*(;|$)/.test(mediaType));
    const [type = "", media] = json ?? content[0] ?? [];
    const kind = json ? jsonKind(document, media?.schema) : media ? "text" : "empty";
    const mediaType = type.startsWith("*") ? "application/json" : (type.split(";")[0] as string).trim();
    return { status, description: response.description, kind, mediaType, schema: media?.schema };
  });
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
