import { Ajv2020 } from "ajv/dist/2020.js";
import {
  isReference,
  type MediaType,
  type OpenApiDocument,
  operationsOf,
  type Response,
  resolve,
  type Schema,
  SpecError,
  securityOf,
} from "../spec/document.ts";
import { parseExpression, schemaAt, type ValuePath } from "../spec/expressions.ts";
import { inputOf } from "../spec/input.ts";
import { CLIENT_MEMBERS, modelOf, OPTION_NAMES, schemesOf } from "../spec/model.ts";
import { isOpen } from "../spec/responses.ts";
import { looksSecret } from "../spec/secrets.ts";
import extensions from "./extensions.schema.json" with { type: "json" };

export type Report = (pointer: readonly (string | number)[], message: string) => void;

/**
 * The rules a spec has to follow beyond OpenAPI itself, because the generator, the runtime and the mocks rest on them.
 * Each reports what is wrong, where, and what to write instead.
 */
export const houseRules: Record<string, (document: OpenApiDocument, report: Report) => void> = {
  "openapi-3-1"(document, report) {
    const version = document.openapi ?? (document as { swagger?: string }).swagger;
    if (!/^3\.1\.\d+$/.test(String(version))) {
      report([document.openapi ? "openapi" : "swagger"], `the document is OpenAPI ${version}; convert it to 3.1`);
    }
  },

  "local-references"(document, report) {
    walk(document, [], (value, pointer) => {
      if (isReference(value) && !value.$ref.startsWith("#/")) {
        report(pointer, `the reference ${value.$ref} leaves the document; bundle it into one file first`);
      }
    });
  },

  extensions(document, report) {
    const isValid = new Ajv2020({ allErrors: true, strict: false }).compile(extensions);
    if (isValid(document)) return;
    for (const { instancePath, message = "is not valid", params } of isValid.errors ?? []) {
      const extra = "additionalProperty" in params ? ` (${params["additionalProperty"]})` : "";
      report(pointerOf(instancePath), `${instancePath.split("/").at(-1) ?? ""} ${message}${extra}`);
    }
  },

  "server-names"(document, report) {
    const seen = new Set<string>();
    (document.servers ?? []).forEach((server, index) => {
      const name = server["x-name"];
      if (name === undefined) report(["servers", index], "a server needs an x-name users can select it by");
      else if (seen.has(name)) report(["servers", index, "x-name"], `two servers are named "${name}"`);
      else seen.add(name);
    });
  },

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

  "token-exchange"(document, report) {
    const operations = new Map(operationsOf(document).map((located) => [located.operation.operationId, located]));
    for (const [name, scheme] of Object.entries(document.components?.securitySchemes ?? {})) {
      const exchange = scheme["x-token-exchange"];
      if (!exchange) continue;
      const pointer = ["components", "securitySchemes", name, "x-token-exchange"];
      const target = operations.get(exchange.operationId);
      if (!target)
        report([...pointer, "operationId"], `no operation of this document is called "${exchange.operationId}"`);
      if (exchange.refresh && !operations.has(exchange.refresh.operationId)) {
        report(
          [...pointer, "refresh", "operationId"],
          `no operation of this document is called "${exchange.refresh.operationId}"`,
        );
      }
      if (!target) continue;
      const { expiresIn, expiresAt } = exchange;
      const answers = successBodies(document, target.operation.responses);
      for (const [member, expressions] of Object.entries({
        token: [exchange.token].flat(),
        expiresIn: expiresIn === undefined || expiresIn === "jwt" ? [] : [expiresIn],
        expiresAt: expiresAt === undefined ? [] : [expiresAt],
      })) {
        for (const expression of expressions) {
          if (!answers.some((answer) => valueSchema(document, answer, parseExpression(expression)))) {
            report([...pointer, member], `${expression} resolves in no success response of ${exchange.operationId}`);
          }
        }
        const unresolved = answers.find(
          (answer) => expressions.length > 0 && !covers(document, answer, expressions.map(parseExpression)),
        );
        if (unresolved) {
          report(
            [...pointer, member],
            `not every schema of the ${unresolved.status} response of ${exchange.operationId} has what this names`,
          );
        }
      }
    }
  },

  "token-pattern"(document, report) {
    for (const [name, schema, pointer] of tokenSchemas(document)) {
      const { pattern } = schema;
      const accepts = (sample: string) => new RegExp(pattern ?? "", "u").test(sample);
      if (pattern === undefined || ["a b", "a\nb", "a\r", "é"].some(accepts)) {
        report(
          pointer,
          `the token of ${name} needs a pattern that only a header value matches, such as ^[A-Za-z0-9._~+/-]+=*$`,
        );
      }
      if (schema.format !== "password")
        report(pointer, `the token of ${name} is a secret; mark its schema format: password`);
    }
  },

  "secrets-marked"(document, report) {
    walk(document, [], (value, pointer) => {
      const { properties } = value as Schema;
      if (pointer.at(-1) === "properties" || typeof properties !== "object" || pointer.includes("examples")) return;
      for (const [name, member] of Object.entries(properties)) {
        const schema = resolve<Schema>(document, member);
        const isString = [schema.type].flat().includes("string");
        if (looksSecret(name) && isString && schema.format !== "password") {
          report([...pointer, "properties", name], `"${name}" looks like a secret; mark it format: password`);
        }
      }
    });
    for (const { operation, item, pointer } of operationsOf(document)) {
      for (const entry of [...(item.parameters ?? []), ...(operation.parameters ?? [])]) {
        const { name, schema } = resolve<{ name: string; schema?: Schema }>(document, entry as never);
        if (looksSecret(name) && resolve<Schema>(document, schema ?? {}).format !== "password") {
          report(pointer, `the parameter "${name}" looks like a secret; mark its schema format: password`);
        }
      }
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
      const isProtected = securityOf(document, operation).some((requirement) => Object.keys(requirement).length > 0);
      if (isProtected && !operation.responses?.["401"]) {
        report([...pointer, "responses"], `${operation.operationId} needs a credential, so document its 401`);
      }
    }
  },

  "credential-names"(document, report) {
    const names = new Map<string, string[]>();
    for (const [scheme, { credentials, exchange }] of schemesOf(document)) {
      const pointer = ["components", "securitySchemes", scheme];
      for (const credential of credentials) names.set(credential, pointer);
      const target = operationsOf(document).find(({ operation }) => operation.operationId === exchange?.operationId);
      if (target) for (const { name } of inputOf(document, target).members) names.set(name, target.pointer);
    }
    for (const [name, pointer] of names) {
      if (OPTION_NAMES.includes(name))
        report(pointer, `the credential "${name}" has the name of an option; rename it with x-credential-names`);
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

  generatable(document, report) {
    modelOf(document);
    for (const { operation, pointer } of operationsOf(document)) {
      for (const status of Object.keys(operation.responses ?? {})) {
        if (!/^([1-5]\d\d|[45]XX|default)$/.test(status)) {
          report(
            [...pointer, "responses", status],
            `the status "${status}" is not supported; write a number, 4XX, 5XX or default`,
          );
        }
      }
    }
  },
};

/** Runs one rule; a mistake that stops it half-way is its last finding. */
export function checkRule(
  rule: string,
  document: OpenApiDocument,
): { pointer: readonly (string | number)[]; message: string }[] {
  const findings: { pointer: readonly (string | number)[]; message: string }[] = [];
  try {
    houseRules[rule]?.(document, (pointer, message) => findings.push({ pointer, message }));
  } catch (error) {
    // Other rules, ours and Redocly's, report the structural mistake that made this one stumble.
    if (!(error instanceof SpecError)) return findings;
    if (rule === "generatable") findings.push({ pointer: error.pointer, message: error.message });
  }
  return findings;
}

function walk(
  value: unknown,
  pointer: (string | number)[],
  visit: (value: object, pointer: (string | number)[]) => void,
): void {
  if (typeof value !== "object" || value === null) return;
  visit(value, pointer);
  const isList = Array.isArray(value);
  for (const [key, member] of Object.entries(value)) walk(member, [...pointer, isList ? Number(key) : key], visit);
}

function pointerOf(instancePath: string): string[] {
  return instancePath
    .split("/")
    .slice(1)
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
}

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

interface Answer {
  status: string;
  schema: Schema | undefined;
  headers: string[];
}

function successBodies(document: OpenApiDocument, responses: Record<string, unknown> = {}): Answer[] {
  return Object.entries(responses)
    .filter(([status]) => status.startsWith("2"))
    .map(([status, entry]) => {
      const response = resolve<Response>(document, entry as Response);
      const headers = Object.keys(response.headers ?? {}).map((header) => header.toLowerCase());
      return { status, schema: Object.values(response.content ?? {})[0]?.schema, headers };
    });
}

function valueSchema(document: OpenApiDocument, answer: Answer, [from, ...keys]: ValuePath): unknown {
  if (from === "header") return answer.headers.includes((keys[0] ?? "").toLowerCase());
  return schemaAt(document, answer.schema, keys);
}

/** Whether each alternative of the answer's schema holds at least one of the values. */
function covers(document: OpenApiDocument, answer: Answer, paths: ValuePath[]): boolean {
  const schema = resolve<Schema>(document, answer.schema ?? {});
  const branches = schema.anyOf ?? schema.oneOf ?? [schema];
  return branches.every((branch) => paths.some((path) => valueSchema(document, { ...answer, schema: branch }, path)));
}

/** The schemas of the tokens every exchange issues: those in bodies, and those in headers. */
function tokenSchemas(document: OpenApiDocument): [string, Schema, string[]][] {
  const operations = new Map(operationsOf(document).map((located) => [located.operation.operationId, located]));
  return [...schemesOf(document)].flatMap(([name, { exchange }]) => {
    const target = exchange && operations.get(exchange.operationId);
    if (!target) return [];
    return exchange.token.flatMap(([from, ...keys]) =>
      Object.entries(target.operation.responses)
        .filter(([status]) => status.startsWith("2"))
        .flatMap(([status, entry]): [string, Schema, string[]][] => {
          const response = resolve<Response>(document, entry);
          const header = Object.entries(response.headers ?? {}).find(
            ([key]) => key.toLowerCase() === keys[0]?.toLowerCase(),
          )?.[1];
          const schema =
            from === "header"
              ? resolve<Schema>(document, (header && resolve<{ schema?: Schema }>(document, header).schema) ?? {})
              : schemaAt(document, Object.values(response.content ?? {})[0]?.schema, keys);
          return schema ? [[name, schema, [...target.pointer, "responses", status]]] : [];
        }),
    );
  });
}
