import type { ValuePath } from "@org/auth-runtime";
import { isReference, type OpenApiDocument, pointerKeys, resolve, type Schema, SpecError } from "./document.ts";

export type { ValuePath };

/**
 * Reads an OpenAPI runtime expression as far as an answer can be addressed by one:
 * `$response.body`, `$response.body#/a/b`, `$response.header.name`. Throws {@link SpecError} for any other.
 */
export function parseExpression(expression: string): ValuePath {
  if (expression === "$response.body") return ["body"];
  if (expression.startsWith("$response.body#/")) {
    return ["body", ...pointerKeys(expression.slice("$response.body#".length))];
  }
  const header = /^\$response\.header\.([!#$%&'*+.^_`|~0-9A-Za-z-]+)$/.exec(expression)?.[1];
  if (header !== undefined) return ["header", header];
  throw new SpecError(
    `"${expression}" is not an expression; write $response.body#/member, $response.body or $response.header.name`,
  );
}

/** Milliseconds of an ISO 8601 duration of fixed length, such as `PT30M` or `P7D`. Throws {@link SpecError}. */
export function parseDurationMs(duration: string): number {
  const match = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(duration);
  const [weeks, days, hours, minutes, seconds] = (match ?? []).slice(1).map((part) => Number(part ?? 0));
  const total = ((((weeks ?? 0) * 7 + (days ?? 0)) * 24 + (hours ?? 0)) * 60 + (minutes ?? 0)) * 60 + (seconds ?? 0);
  if (!match || total === 0) {
    throw new SpecError(`"${duration}" is not a duration of fixed length; write PT30M or P7D, say`);
  }
  return total * 1000;
}

/** The schema a member path leads to, or `undefined`; alternatives (`anyOf`, `oneOf`, `allOf`) are tried in order. */
export function schemaAt(
  document: OpenApiDocument,
  schema: Schema | undefined,
  keys: readonly string[],
): Schema | undefined {
  if (schema === undefined) return undefined;
  if (isReference(schema)) return schemaAt(document, resolve<Schema>(document, schema), keys);
  if (keys.length === 0) return schema;
  const [key, ...rest] = keys as [string, ...string[]];
  const own = schema.properties?.[key];
  if (own) return schemaAt(document, own, rest);
  for (const branch of [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])]) {
    const found = schemaAt(document, branch, keys);
    if (found) return found;
  }
  return undefined;
}
