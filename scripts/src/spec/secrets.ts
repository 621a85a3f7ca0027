import { type OpenApiDocument, resolve, type Schema } from "./document.ts";

/** Secrets are marked `format: password`, at whatever depth; redaction and identity are derived from the mark. */
export function isSecret(document: OpenApiDocument, schema: Schema, depth = 0): boolean {
  const { format, properties = {}, items, oneOf = [], anyOf = [], allOf = [] } = resolve<Schema>(document, schema);
  if (format === "password") return true;
  const parts = [...Object.values(properties), ...oneOf, ...anyOf, ...allOf, ...(items ? [items] : [])];
  // A schema may contain itself; nobody hides a secret deeper than this.
  return depth < 8 && parts.some((part) => isSecret(document, part, depth + 1));
}

/** Names no vendor gives to anything but a secret; the linter wants them marked. */
export function looksSecret(name: string): boolean {
  return /(secret([_-]?key)?|passw(or)?d|bearer|api[_-]?key|(access|refresh|id)[_-]?token|^token)$/i.test(name);
}
