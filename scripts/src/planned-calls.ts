import { type Document, exampleInput, exchangesOf, type Operation, operationsOf } from "@org/mock-servers/examples";
import type { PlannedCall } from "./exercise.ts";

/** Every operation of a document with its examples, `getToken` first, in an order in which each finds what it needs. */
export function plannedCalls(document: Document): PlannedCall[] {
  // A secret is replaced once the old one is gone.
  const rank = ({ "x-mock": mock }: Operation) => (mock?.rotates ? 2 : mock?.revokes ? 1 : 0);
  const operations = operationsOf(document).sort((a, b) => rank(a) - rank(b));
  const exchanges = operations.filter(({ operationId }) => exchangesOf(document).includes(operationId));
  const call = (method: string, operation: Operation) => ({
    method,
    request: `${operation.method.toUpperCase()} ${operation.path}`,
    input: exampleInput(operation),
  });
  return [
    ...exchanges.map((operation) => call("getToken", operation)),
    ...operations.map((operation) => call(operation.operationId, operation)),
  ];
}
