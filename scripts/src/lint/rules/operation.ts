import {
  type MediaType,
  type OpenApiDocument,
  operationsOf,
  type Response,
  resolve,
  type Schema,
  securityOf,
} from "../../spec/document.ts";
import { inputOf } from "../../spec/input.ts";
import { CLIENT_MEMBERS } from "../../spec/model.ts";
import { isOpen } from "../../spec/responses.ts";
import type { Report, Rule } from "./rule.ts";

/** Rules about each operation. */
export const operationRules: Record<string, Rule> = {
  "operation-ids"(document, report) {
    const seen = new Set<string>();
    for (const { operation, pointer } of operationsOf(document)) {
      const { operationId } = operation;
      const place = operationId === undefined ? pointer : [...pointer, "operationId"];
      if (!/^[a-z][A-Za-z0-9]*$/.test(String(operationId)))
        report(place, "an operationId is camelCase, such as createToken");
      if (CLIENT_MEMBERS.includes(operationId))
        report(place, `"${operationId}" is a member every client has; choose another operationId`);
      if (seen.has(operationId)) report(place, `the operationId "${operationId}" is taken`);
      seen.add(operationId);
    }
  },

  "named-examples"(document, report) {
    for (const { operation, pointer } of operationsOf(document)) {
      const body =
        operation.requestBody && resolve<{ content: Record<string, MediaType> }>(document, operation.requestBody);
      checkExamples(document, body?.content, [...pointer, "requestBody"], report);
      for (const [status, entry] of Object.entries(operation.responses ?? {})) {
        const place = [...pointer, "responses", status];
        checkExamples(document, resolve<Response>(document, entry).content, place, report);
      }
    }
  },

  "neutral-default"(document, report) {
    for (const { operation, pointer } of operationsOf(document)) {
      const entry = operation.responses?.["default"];
      if (!entry) continue;
      for (const media of Object.values(resolve<Response>(document, entry).content ?? {})) {
        const [first] = Object.keys(media.examples ?? {});
        if (first !== undefined && first !== "neutral") {
          report(
            [...pointer, "responses", "default"],
            `mock servers answer their own refusals with the first example of default; begin with one named "neutral"`,
          );
        }
      }
    }
  },

  "protected-401"(document, report) {
    for (const { operation, pointer } of operationsOf(document)) {
      // A connection without the certificate is refused before there is an answer.
      const isSent = (name: string) => document.components?.securitySchemes?.[name]?.type !== "mutualTLS";
      const isProtected = securityOf(document, operation).some((requirement) => Object.keys(requirement).some(isSent));
      if (isProtected && !(operation.responses?.["401"] ?? operation.responses?.["4XX"])) {
        report([...pointer, "responses"], `${operation.operationId} needs a credential, so document its 401`);
      }
    }
  },

  "flat-collision"(document, report) {
    for (const located of operationsOf(document)) {
      const { collisions } = inputOf(document, located);
      if (collisions.length > 0) {
        report(
          located.pointer,
          `${collisions.join(", ")}: both a parameter and a body member, so the body goes under "body"`,
        );
      }
    }
  },
};

function checkExamples(
  document: OpenApiDocument,
  content: Record<string, MediaType> | undefined,
  pointer: string[],
  report: Report,
): void {
  for (const [mediaType, media] of Object.entries(content ?? {})) {
    const schema = resolve<Schema>(document, media.schema ?? {});
    const isUndocumented = isOpen(schema) || (schema.additionalProperties === true && !schema.properties);
    const hasExamples = Object.keys(media.examples ?? {}).length > 0;
    if (isUndocumented && hasExamples)
      report(pointer, "an open schema says that nobody documents the body, so it has no example");
    if (!isUndocumented && !hasExamples) report(pointer, `the ${mediaType} body needs a named example under examples`);
  }
}
