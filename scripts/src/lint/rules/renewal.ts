import {
  type LocatedOperation,
  type OpenApiDocument,
  operationsOf,
  resolve,
  type Schema,
  securityOf,
} from "../../spec/document.ts";
import { inputOf } from "../../spec/input.ts";
import { assertionOf } from "../../spec/issuing.ts";
import { modelOf } from "../../spec/model.ts";
import { type ExchangeModel, schemesOf } from "../../spec/schemes.ts";
import type { Report, Rule } from "./rule.ts";
import { successBodies, valueSchema } from "./token.ts";

/** Rules about what a token request is made of that nobody is asked for: constants, refresh tokens, assertions. */
export const renewalRules: Record<string, Rule> = {
  "exchange-parameters"(document, report) {
    for (const [name, exchange, find] of exchangesOf(document)) {
      const target = find(exchange.operationId);
      const { fixed = {} } = exchange;
      if (target) checkNames(document, target, Object.keys(fixed), pointerOf(name, "parameters"), report);
    }
  },

  "token-renewal"(document, report) {
    for (const [name, exchange, find] of exchangesOf(document)) {
      const [target, renewal] = [find(exchange.operationId), find(exchange.refresh)];
      if (!target || !renewal) continue;
      const pointer = pointerOf(name, "refresh");
      const { refreshFixed = {}, refreshInput = {} } = exchange;
      const given = [...Object.keys(refreshFixed), ...Object.keys(refreshInput)];
      checkNames(document, renewal, given, [...pointer, "parameters"], report);
      for (const [parameter, path] of Object.entries(refreshInput)) {
        const found = successBodies(document, target.operation.responses).map((answer) =>
          valueSchema(document, answer, path),
        );
        const place = [...pointer, "parameters", parameter];
        const schema = found.find((each) => each) as Schema | undefined;
        if (!schema) report(place, `${path.slice(1).join("/")} is in no success response of ${exchange.operationId}`);
        else if (schema.format !== "password" && [schema.type].flat().includes("string"))
          report(place, `what renews a token is a secret; mark its schema in ${exchange.operationId} format: password`);
      }
      const answers = successBodies(document, renewal.operation.responses);
      if (!answers.some((answer) => exchange.token.some((path) => valueSchema(document, answer, path))))
        report(
          [...pointer, "operationId"],
          `the token is in no success response of ${exchange.refresh}, where token says`,
        );
      const credentials = new Set(modelOf(document).credentials.map((credential) => credential.name));
      const input = inputOf(document, renewal);
      const signed = assertionOf(document, input)?.member;
      for (const member of input.members.filter(({ required }) => required))
        if (!given.includes(member.name) && !credentials.has(member.name) && member.name !== signed)
          report(pointer, `${exchange.refresh} needs "${member.name}", which is no credential; add it to parameters`);
      const others = securityOf(document, renewal.operation).flatMap((requirement) => Object.keys(requirement));
      for (const other of others.filter((each) => each !== name && schemesOf(document).get(each)?.exchange))
        report(renewal.pointer, `${exchange.refresh} needs the token of ${other}, which a refresh cannot obtain`);
    }
  },

  assertions(document, report) {
    const issuing = new Set(
      exchangesOf(document).flatMap(([, { operationId, refresh }]) => [operationId, refresh ?? operationId]),
    );
    for (const located of operationsOf(document)) {
      const input = inputOf(document, located);
      const { member } = assertionOf(document, input) ?? {};
      if (member === undefined) continue;
      if (!issuing.has(located.operation.operationId))
        report(
          located.pointer,
          `"${member}" is signed for a token only, and ${located.operation.operationId} issues none`,
        );
      const schema = input.members.find(({ name }) => name === member)?.schema ?? {};
      if (resolve<Schema>(document, schema).format !== "password")
        report(located.pointer, `"${member}" is a secret while it lasts; mark it format: password`);
    }
  },
};

type Find = (operationId: string | undefined) => LocatedOperation | undefined;

function exchangesOf(document: OpenApiDocument): [scheme: string, ExchangeModel, Find][] {
  const find: Find = (id) => operationsOf(document).find(({ operation }) => operation.operationId === id);
  return [...schemesOf(document)].flatMap(([name, { exchange }]): [string, ExchangeModel, Find][] =>
    exchange ? [[name, exchange, find]] : [],
  );
}

const pointerOf = (scheme: string, member: string) => [
  ...["components", "securitySchemes", scheme, "x-token-exchange"],
  member,
];

function checkNames(
  document: OpenApiDocument,
  target: LocatedOperation,
  names: readonly string[],
  pointer: string[],
  report: Report,
): void {
  const { members } = inputOf(document, target);
  const known = members.map(({ name }) => name);
  for (const name of names.filter((each) => !known.includes(each)))
    report(
      [...pointer, name],
      `${target.operation.operationId} takes no "${name}"; its input is ${known.join(", ") || "empty"}`,
    );
}
