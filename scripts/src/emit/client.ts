import { isReference, type Schema } from "../spec/document.ts";
import type { OperationModel, ServerModel, VendorModel } from "../spec/model.ts";
import { isSuccess } from "../spec/responses.ts";
import { operationErrors } from "./errors.ts";
import { printDoc, printKey } from "./literal.ts";
import { pascalCase, RUNTIME_TYPES, schemaNames } from "./names.ts";
import { printMember, printType, resultType, union } from "./types.ts";
import { primarySecurity } from "./vendor.ts";

/** `client.ts`: explicit interfaces, so that a hover shows a name and its documentation and not a mapped table. */
export function emitClient(model: VendorModel, prefix: string): string {
  const names = schemaNames(model, prefix);
  const body = [
    ...[...names].map(([schema, alias]) => emitSchema(schema, alias, model)),
    emitServer(model, prefix),
    emitOptions(model, prefix, names),
    ...model.operations.map((operation) => emitInput(operation, names)),
    ...model.operations.map((operation) => operationErrors(operation, names)),
    emitErrorUnion(model, prefix),
    emitInterface(model, prefix, names),
  ].join("\n");
  const imported = RUNTIME_TYPES.filter((name) => new RegExp(`\\b${name}\\b`).test(body));
  return `import type {\n${imported.map((name) => `  ${name},\n`).join("")}} from "@org/auth-runtime";
import type { ${names.size > 0 ? "components, " : ""}paths } from "./schema.ts";
${names.size > 0 ? '\ntype Schema<Name extends keyof components["schemas"]> = components["schemas"][Name];\n' : ""}
${body}`;
}

function emitSchema(name: string, alias: string, { document }: VendorModel): string {
  const schema = document.components?.schemas?.[name] as Schema;
  const doc = schema.description ? printDoc([schema.description]) : "";
  const isPlainObject =
    schema.type === "object" && !schema.oneOf && !schema.anyOf && !schema.allOf && !isReference(schema);
  return isPlainObject
    ? `${doc}export interface ${alias} extends Schema<${JSON.stringify(name)}> {}\n`
    : `${doc}export type ${alias} = Schema<${JSON.stringify(name)}>;\n`;
}

function emitServer({ servers }: VendorModel, prefix: string): string {
  const alternatives = servers.map((server) => {
    if (server.variables.length === 0) return JSON.stringify(server.name);
    const variables = server.variables.map((variable) =>
      variable.enum
        ? `${printKey(variable.name)}?: ${union(variable.enum.map((value) => JSON.stringify(value)))}`
        : `${printKey(variable.name)}: string`,
    );
    return `{ name: ${JSON.stringify(server.name)}; ${variables.join("; ")} }`;
  });
  const lines = servers.map((server) => `- \`${server.name}\`: ${describeServer(server)}`);
  const doc = printDoc(["Where requests go: a server of the spec, or any URL, such as a mock's.", "", ...lines]);
  return `${doc}export type ${prefix}Server = ${[...alternatives, "ServerUrl"].join(" | ")};\n`;
}

function describeServer({ url, description, variables }: ServerModel): string {
  const about = variables.map((variable) =>
    variable.description ? `; ${variable.name}: ${variable.description}` : "",
  );
  return `${description ? `${description}, ` : ""}${url}${about.join("")}`;
}

function emitOptions(model: VendorModel, prefix: string, names: Map<string, string>): string {
  const { credentials, servers, takesAuth } = model;
  const members = credentials.map(({ name, schema, required, description, secret }) =>
    printMember(
      name,
      printType(schema, names, "  "),
      required,
      secret ? `${description ?? name} Kept secret.` : description,
      "  ",
    ),
  );
  const first = servers[0];
  const isOnly = servers.length === 1 && first?.variables.every((variable) => variable.enum);
  const server = printMember(
    "server",
    `${prefix}Server`,
    !isOnly,
    isOnly ? `Where requests go; \`${first?.name}\` unless given.` : "Where requests go.",
    "  ",
  );
  const printOptions = (name: string, doc: string, lines: string[]) =>
    `${printDoc([doc])}export interface ${prefix}${name} extends ClientOptions {\n${lines.join("")}${server}}\n`;
  if (!takesAuth) return printOptions("Options", `Options of \`create${prefix}\`.`, members);
  const auth =
    "What authorises every request in the place of the credentials: a bearer token, or where tokens come from.";
  const never = (name: string) => `  ${printKey(name)}?: undefined;\n`;
  return [
    printOptions("KeyOptions", `Options of \`create${prefix}\` with its credentials.`, [...members, never("auth")]),
    printOptions("AuthOptions", `Options of \`create${prefix}\` with a bearer in their place.`, [
      printMember("auth", "BearerAuth", true, auth, "  "),
      ...credentials.map(({ name }) => never(name)),
    ]),
    `${printDoc([`Options of \`create${prefix}\`: credentials or \`auth\`, never both.`])}export type ${prefix}Options = ${prefix}KeyOptions | ${prefix}AuthOptions;\n`,
  ].join("\n");
}

function emitInput({ id, input, path, method }: OperationModel, names: Map<string, string>): string {
  const doc = printDoc([`Input of \`${id}\` (${method.toUpperCase()} ${path}).`]);
  const name = `${pascalCase(id)}Input`;
  if (input.members.length === 0 && !input.open) return `${doc}export type ${name} = Record<string, never>;\n`;
  const members = input.members.map((member) =>
    printMember(member.name, printType(member.schema, names, "  "), member.required, member.description, "  "),
  );
  const index = input.open
    ? "  /** The vendor takes members the spec does not name. */\n  [name: string]: unknown;\n"
    : "";
  return `${doc}export interface ${name} {\n${members.join("")}${index}}\n`;
}

function emitErrorUnion({ operations }: VendorModel, prefix: string): string {
  const ids = operations.map(({ id }) => JSON.stringify(id));
  const errors = operations.map(({ id }) => `${pascalCase(id)}Error`);
  return [
    printDoc(["The operations, by operationId."]),
    `export type ${prefix}OperationId = ${ids.join(" | ")};\n\n`,
    printDoc([
      `Every error \`create${prefix}\` and its client throw. Narrow it by \`code\`, or by \`operationId\` and \`status\`, which types \`body\`.`,
    ]),
    `export type ${prefix}Error = ${[...errors, `RequestError<${prefix}OperationId | undefined>`].join(" | ")};\n`,
  ].join("");
}

function emitInterface(model: VendorModel, prefix: string, names: Map<string, string>): string {
  const { document, schemes, operations } = model;
  const hasToken = primarySecurity(model).some((name) => schemes.get(name)?.exchange);
  const refreshes = new Set([...schemes.values()].map((scheme) => scheme.exchange?.refresh));
  const hasCertificate = Object.values(document.components?.securitySchemes ?? {}).some(
    ({ type }) => type === "mutualTLS",
  );
  const doc = printDoc([
    `${document.info.title}: ${document.info.summary ?? "a typed client."}`,
    ...(hasCertificate ? ["", "Needs a certificate (mutual TLS): give a `fetch` that presents the client's."] : []),
    ...(document.externalDocs ? ["", `@see {@link ${document.externalDocs.url}}`] : []),
  ]);
  const methods = operations.map((operation) => emitMethod(operation, model, names, refreshes.has(operation.id)));
  const bases = [`AuthorisedClient<paths>`, ...(hasToken ? ["TokenSource"] : [])];
  return `${doc}export interface ${prefix} extends ${bases.join(", ")} {\n${methods.join("\n")}}\n`;
}

function emitMethod(
  operation: OperationModel,
  { schemes }: VendorModel,
  names: Map<string, string>,
  isRefresh: boolean,
): string {
  const { id, operation: spec, method, path, input, responses, isExchange, security } = operation;
  const successes = responses.filter(isSuccess);
  const failures = responses.filter((response) => !isSuccess(response));
  const result = resultType(successes, names, "  ");
  const optional = input.members.every(({ required }) => !required) ? "?" : "";
  const doc = printDoc(
    [
      spec.summary ?? id,
      "",
      spec.description?.trim(),
      "",
      `${method.toUpperCase()} ${path}.${isExchange || isRefresh ? " A raw call: the cached token stays as it is." : ""}`,
      "",
      `@returns ${successes.map(({ status, description }) => `${status}: ${description}`).join(" ")}`,
      successes.some(({ absent }) => absent === "undefined") ? "`undefined` where a success has no body" : undefined,
      `@throws {@link ${pascalCase(id)}Error}, with \`status\` and \`body\` for`,
      ...failures.map(({ status, description }) => `- ${status}: ${description}`),
      ...security
        .flatMap((name) => schemes.get(name)?.exchange?.operationId ?? [])
        .map((exchange) => `@throws {@link ${pascalCase(exchange)}Error} where no token could be obtained`),
      spec.deprecated ? "@deprecated The vendor has deprecated this operation." : undefined,
      spec.externalDocs ? `@see {@link ${spec.externalDocs.url}}` : undefined,
    ],
    "  ",
  );
  return `${doc}  ${id}(input${optional}: ${pascalCase(id)}Input, options?: CallOptions): Promise<${result}>;\n`;
}
