import type ts from "typescript";
import type { Comparison } from "./compare.ts";
import { alternatives, isRecord, literalOf, membersOf, type TypeReader } from "./types.ts";

/** A union of errors as users narrow it: by operation, then by status. */
export interface ErrorUnion {
  readonly operations: ReadonlySet<string>;
  /** What the spec lists, by operation and status. */
  readonly documented: ReadonlyMap<string, DocumentedError>;
}

interface DocumentedError {
  readonly operation: string;
  /** `401`, `4XX` or `default`. */
  readonly status: string;
  readonly code: ts.Type;
  readonly body: ts.Type;
}

/** The errors of a union that holds nothing else; `undefined` for any other type. */
export function errorsOf(reader: TypeReader, type: ts.Type): ErrorUnion | undefined {
  const operations = new Set<string>();
  const documented = new Map<string, DocumentedError>();
  for (const part of alternatives(type).parts) {
    const members = isRecord(part) ? membersOf(reader, part) : undefined;
    const [operationId, status, code, body] = ["operationId", "status", "code", "body"].map((each) =>
      members?.get(each),
    );
    if (!operationId || !status || !code || !body) return undefined;
    const operation = literalOf(operationId);
    if (operation === undefined) continue;
    operations.add(String(operation));
    const statuses = alternatives(status).parts.map(literalOf);
    const codes = alternatives(code).parts.map(literalOf);
    // What is left where nothing is documented changes with every status that is.
    if (statuses.length === 0 || codes.includes("unexpected_status")) continue;
    const name = statusName(statuses.map(String));
    documented.set(`${operation} ${name}`, { operation: String(operation), status: name, code, body });
  }
  return { operations, documented };
}

function statusName(statuses: readonly string[]): string {
  if (statuses.length === 1) return statuses[0] as string;
  const hundreds = new Set(statuses.map((status) => status[0]));
  return hundreds.size === 1 && !hundreds.has("3") ? `${[...hundreds][0]}XX` : "default";
}

/**
 * Compares what is documented, status by status. The union itself may grow, because a status that is not listed was an
 * error of it before; an operation that is gone is reported as such, and not by its errors.
 */
export function compareErrors({ compare, report }: Comparison, old: ErrorUnion, now: ErrorUnion): void {
  for (const [key, { operation, status, code, body }] of old.documented) {
    const path = `error ${status}`;
    const other = now.documented.get(key);
    if (other) {
      compare(code, other.code, "output", { operation, path: `${path}.code` });
      compare(body, other.body, "output", { operation, path: `${path}.body` });
    } else if (now.operations.has(operation)) {
      const message = `Status ${status} is no longer documented: its error has the code \`unexpected_status\` and an unknown body.`;
      report("error-status-removed", "major", { operation, path }, message);
    }
  }
  for (const [key, { operation, status }] of now.documented) {
    if (old.documented.has(key) || !old.operations.has(operation)) continue;
    const message = `Status ${status} is documented now, with a typed body.`;
    report("error-status-added", "major", { operation, path: `error ${status}` }, message);
  }
}
