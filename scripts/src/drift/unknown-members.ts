import type { OpenApiDocument, Schema } from "../spec/document.ts";
import { contractOf } from "./contract.ts";

/** The members of a value that its schema does not name, by their paths; none where the schema is open. */
export function unknownMembers(document: OpenApiDocument, schema: Schema | undefined, value: unknown): string[] {
  return schema ? [...new Set(unknown(contractOf({ document, isOldDialect: false }, schema), value, ""))] : [];
}

function unknown(schema: Schema, value: unknown, path: string): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => unknown(schema.items ?? {}, item, `${path}[]`));
  if (typeof value !== "object" || value === null) return [];
  const branches = [schema, ...(schema.oneOf ?? []), ...(schema.anyOf ?? []), ...(schema.allOf ?? [])];
  const named: Record<string, Schema> = Object.assign({}, ...branches.map(({ properties }) => properties));
  const isOpen = branches.some(({ additionalProperties }) => Boolean(additionalProperties));
  if (isOpen || Object.keys(named).length === 0) return [];
  return Object.entries(value).flatMap(([name, member]) => {
    const place = path === "" ? printable(name) : `${path}.${printable(name)}`;
    const own = named[name];
    return own ? unknown(own, member, place) : [place];
  });
}

/** A name somebody else chose, as far as it can stand in a report: it may hold no markup. */
export function printable(name: string): string {
  return name.replace(/[^\w./{}$-]/g, "?");
}
