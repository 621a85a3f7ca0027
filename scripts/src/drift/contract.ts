import { type OpenApiDocument, resolve, type Schema } from "../spec/document.ts";
import type { VendorDocument } from "./vendor-document.ts";

/** What says nothing about what travels. */
const ANNOTATIONS = ["description", "title", "example", "examples", "externalDocs", "xml", "discriminator", "$comment"];

/** A schema as OpenAPI 3.1 writes it, without references, annotations and the ways there are to say the same. */
export function contractOf(vendor: Pick<VendorDocument, "document" | "isOldDialect">, schema: Schema): Schema {
  return contract(vendor, schema, []);
}

type Source = Pick<VendorDocument, "document" | "isOldDialect">;

function contract(source: Source, schema: Schema, above: readonly Schema[]): Schema {
  const followed = resolve<Schema>(source.document as OpenApiDocument, schema);
  // A schema that contains itself was compared further up.
  if (above.includes(followed)) return {};
  const inner = (part: Schema) => contract(source, part, [...above, followed]);
  const { properties, items, additionalProperties, oneOf, anyOf, allOf, ...own } = followed;
  const kept = Object.entries(own).filter(([key]) => !ANNOTATIONS.includes(key) && !key.startsWith("x-"));
  const result: Schema = {
    ...Object.fromEntries(kept),
    ...(properties && {
      properties: Object.fromEntries(Object.entries(properties).map(([name, member]) => [name, inner(member)])),
    }),
    ...(items && { items: inner(items) }),
    ...(additionalProperties !== undefined && {
      additionalProperties:
        typeof additionalProperties === "object" ? inner(additionalProperties) : additionalProperties,
    }),
    ...(oneOf && { oneOf: oneOf.map(inner) }),
    ...(anyOf && { anyOf: anyOf.map(inner) }),
  };
  const joined = join(result, (allOf ?? []).map(inner));
  if (joined.properties && joined.type === undefined) joined.type = "object";
  return source.isOldDialect ? modern(joined) : joined;
}

/** The parts of `allOf` as one object; parts that are no objects stay as they are. */
function join(own: Schema, parts: readonly Schema[]): Schema {
  if (parts.length === 0) return own;
  const isPlain = (part: Schema) => !part.oneOf && !part.anyOf && !part.allOf;
  if (![own, ...parts].every(isPlain)) return { ...own, allOf: [...parts] };
  const all = [...parts, own];
  const properties = Object.assign({}, ...all.map((part) => part.properties));
  const required = [...new Set(all.flatMap((part) => part.required ?? []))];
  return {
    ...Object.assign({}, ...all),
    ...(Object.keys(properties).length > 0 && { properties }),
    ...(required.length > 0 && { required }),
  };
}

interface OldSchema extends Schema {
  nullable?: boolean;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: boolean | number;
  exclusiveMaximum?: boolean | number;
}

/** What OpenAPI 3.0 wrote as `nullable`, and its bounds. */
function modern({ nullable, ...schema }: OldSchema): Schema {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, ...rest } = schema;
  const bounds = {
    ...(exclusiveMinimum === true ? { exclusiveMinimum: minimum } : minimum !== undefined && { minimum }),
    ...(exclusiveMaximum === true ? { exclusiveMaximum: maximum } : maximum !== undefined && { maximum }),
  };
  if (!nullable) return { ...rest, ...bounds };
  const choices = { ...(rest.enum && { enum: [...rest.enum, null] }) };
  const alternatives = { ...(rest.oneOf && { oneOf: [...rest.oneOf, { type: "null" }] }) };
  const type = rest.type === undefined ? {} : { type: [rest.type, "null"].flat() };
  return { ...rest, ...bounds, ...type, ...choices, ...alternatives };
}
