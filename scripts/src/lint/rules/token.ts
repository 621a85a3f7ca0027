import {
  type LocatedOperation,
  type OpenApiDocument,
  operationsOf,
  type Response,
  resolve,
  type Schema,
  securityOf,
} from "../../spec/document.ts";
import { parseExpression, schemaAt, type ValuePath } from "../../spec/expressions.ts";
import { inputOf } from "../../spec/input.ts";
import { OPTION_NAMES } from "../../spec/model.ts";
import { schemesOf } from "../../spec/schemes.ts";
import { looksSecret } from "../../spec/secrets.ts";
import { type Rule, walk } from "./rule.ts";

/** Rules about tokens, credentials and other secrets. */
export const tokenRules: Record<string, Rule> = {
  "token-exchange"(document, report) {
    const operations = new Map(operationsOf(document).map((located) => [located.operation.operationId, located]));
    for (const [name, scheme] of Object.entries(document.components?.securitySchemes ?? {})) {
      const exchange = scheme["x-token-exchange"];
      if (!exchange) continue;
      const pointer = ["components", "securitySchemes", name, "x-token-exchange"];
      const target = operations.get(exchange.operationId);
      if (!target)
        report([...pointer, "operationId"], `no operation of this document is called "${exchange.operationId}"`);
      const refresh = exchange.refresh?.operationId;
      const renewal = operations.get(refresh ?? "");
      if (refresh !== undefined && !renewal)
        report([...pointer, "refresh", "operationId"], `no operation of this document is called "${refresh}"`);
      const isSent = schemesOf(document).get(name)?.exchange?.refreshInput === undefined;
      if (renewal && isSent && !securityOf(document, renewal.operation).some((requirement) => name in requirement))
        report(renewal.pointer, `${refresh} refreshes the token of ${name}, so its security has to name ${name}`);
      if (!target) continue;
      if (needs(document, target).has(name)) {
        report(
          target.pointer,
          `${exchange.operationId} needs the very token it issues; give it a security of its own, such as []`,
        );
      }
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

  "credential-names"(document, report) {
    const names = new Map<string, string[]>();
    for (const [scheme, { credentials, exchange }] of schemesOf(document)) {
      const pointer = ["components", "securitySchemes", scheme];
      for (const credential of credentials) {
        if (names.has(credential))
          report(pointer, `two schemes call their credential "${credential}"; rename one with x-credential-names`);
        names.set(credential, pointer);
      }
      const target = operationsOf(document).find(({ operation }) => operation.operationId === exchange?.operationId);
      if (target) for (const { name } of inputOf(document, target).members) names.set(name, target.pointer);
    }
    for (const { operation, pointer } of operationsOf(document)) {
      const { rotates, revokes, issues } = operation["x-mock"] ?? {};
      for (const name of [rotates, revokes, ...Object.keys(issues?.members ?? {})])
        if (name !== undefined && !names.has(name))
          report(pointer, `x-mock names "${name}", which is no credential; they are ${[...names.keys()].join(", ")}`);
    }
    for (const [name, pointer] of names) {
      if (OPTION_NAMES.includes(name))
        report(pointer, `the credential "${name}" has the name of an option; rename it with x-credential-names`);
    }
  },
};

/** The schemes a call of an operation rests on, those of their exchanges included. */
function needs(document: OpenApiDocument, { operation }: LocatedOperation, found = new Set<string>()): Set<string> {
  const schemes = schemesOf(document);
  for (const name of securityOf(document, operation).flatMap((requirement) => Object.keys(requirement))) {
    if (found.has(name)) continue;
    found.add(name);
    const exchange = schemes.get(name)?.exchange?.operationId;
    const next = operationsOf(document).find((located) => located.operation.operationId === exchange);
    if (next) needs(document, next, found);
  }
  return found;
}

export interface Answer {
  status: string;
  schema: Schema | undefined;
  headers: string[];
}

export function successBodies(document: OpenApiDocument, responses: Record<string, unknown> = {}): Answer[] {
  return Object.entries(responses)
    .filter(([status]) => status.startsWith("2"))
    .map(([status, entry]) => {
      const response = resolve<Response>(document, entry as Response);
      const headers = Object.keys(response.headers ?? {}).map((header) => header.toLowerCase());
      return { status, schema: Object.values(response.content ?? {})[0]?.schema, headers };
    });
}

export function valueSchema(document: OpenApiDocument, answer: Answer, [from, ...keys]: ValuePath): unknown {
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
