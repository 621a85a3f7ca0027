import type { Schema } from "../spec/document.ts";
import type { ResponseModel } from "../spec/responses.ts";
import { printDoc, printKey } from "./literal.ts";

/** A schema as a TypeScript type: references by their exported names, everything else spelt out. */
export function printType(schema: Schema | undefined, names: Map<string, string>, indent = ""): string {
  if (!schema) return "unknown";
  const print = (inner: Schema) => printType(inner, names, indent);
  if (schema.$ref !== undefined) return names.get(schema.$ref.split("/").at(-1) ?? "") ?? "unknown";
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return union(schema.enum.map((value) => JSON.stringify(value)));
  const { oneOf, anyOf, allOf = [], ...own } = schema;
  if (oneOf || anyOf || allOf.length > 0) {
    const parts = [...(own.properties ? [print({ type: "object", ...own })] : []), ...allOf.map(print)];
    for (const branches of [oneOf, anyOf]) if (branches) parts.push(union(branches.map(print)));
    return parts.length === 1 ? (parts[0] as string) : parts.map(group).join(" & ");
  }
  if (Array.isArray(schema.type)) return union(schema.type.map((type) => print({ ...schema, type })));
  switch (schema.type) {
    case "string":
    case "boolean":
    case "null":
      return schema.type;
    case "number":
    case "integer":
      return "number";
    case "array":
      return `${group(print(schema.items ?? {}))}[]`;
    case "object":
      return printObject(schema, names, indent);
    default:
      return "unknown";
  }
}

function printObject(schema: Schema, names: Map<string, string>, indent: string): string {
  const { additionalProperties, properties = {}, required = [] } = schema;
  const index =
    additionalProperties === true || additionalProperties === undefined
      ? "unknown"
      : additionalProperties && printType(additionalProperties, names, indent);
  if (Object.keys(properties).length === 0) return index ? `Record<string, ${index}>` : "Record<string, never>";
  const inner = `${indent}  `;
  const members = Object.entries(properties).map(([name, member]) => {
    const type = printType(member, names, inner);
    return printMember(name, type, required.includes(name), member.description, inner);
  });
  return `{\n${members.join("")}${indent}}`;
}

/** The type of a response's body. */
export function bodyType({ kind, schema }: ResponseModel, names: Map<string, string>, indent: string): string {
  if (kind === "empty") return "undefined";
  return kind === "text" ? "string" : printType(schema, names, indent);
}

/** What an operation resolves to: the body of a success, or `undefined` where it may be missing, `void` where it has no member. */
export function resultType(successes: readonly ResponseModel[], names: Map<string, string>, indent: string): string {
  if (successes.length > 0 && successes.every(({ absent }) => absent === "void")) return "void";
  const bodies = successes.filter(({ absent }) => absent !== "void");
  const mayBeMissing = successes.some(({ absent }) => absent);
  return union([
    ...bodies.map((response) => bodyType(response, names, indent)),
    ...(mayBeMissing ? ["undefined"] : []),
  ]);
}

/** One documented member of an interface; an optional one may also be given as `undefined`. */
export function printMember(
  name: string,
  type: string,
  required: boolean,
  description: string | undefined,
  indent: string,
): string {
  const doc = description ? printDoc([description], indent) : "";
  return `${doc}${indent}${printKey(name)}${required ? "" : "?"}: ${type}${required || type === "unknown" ? "" : " | undefined"};\n`;
}

export function union(types: string[]): string {
  const distinct = [...new Set(types)];
  return distinct.includes("unknown") ? "unknown" : distinct.join(" | ") || "never";
}

function group(type: string): string {
  return /[|&]/.test(type) ? `(${type})` : type;
}
