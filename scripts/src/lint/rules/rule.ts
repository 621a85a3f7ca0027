import type { OpenApiDocument } from "../../spec/document.ts";

export type Pointer = readonly (string | number)[];
export type Report = (pointer: Pointer, message: string) => void;
/** Reports what is wrong in a document, where, and what to write instead. */
export type Rule = (document: OpenApiDocument, report: Report) => void;

/** Visits every object and list of a document. */
export function walk(value: unknown, pointer: Pointer, visit: (value: object, pointer: Pointer) => void): void {
  if (typeof value !== "object" || value === null) return;
  visit(value, pointer);
  const isList = Array.isArray(value);
  for (const [key, member] of Object.entries(value)) walk(member, [...pointer, isList ? Number(key) : key], visit);
}
