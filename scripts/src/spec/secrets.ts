import { type OpenApiDocument, resolve, type Schema } from "./document.ts";

/** Secrets are marked `format: password`; redaction and identity are derived from the mark. */
export function isSecret(document: OpenApiDocument, schema: Schema): boolean {
  return resolve<Schema>(document, schema).format === "password";
}

/** Names no vendor gives to anything but a secret; the linter wants them marked. */
export function looksSecret(name: string): boolean {
  return /(secret([_-]?key)?|passw(or)?d|bearer|api[_-]?key|(access|refresh|id)[_-]?token|^token)$/i.test(name);
}
