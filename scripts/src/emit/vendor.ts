import { resolve, type Schema, securityOf } from "../spec/document.ts";
import type { OperationModel, ServerModel, VendorModel } from "../spec/model.ts";
import { printLiteral } from "./literal.ts";

/** `vendor.ts`: the spec as the plain data the runtime works from. */
export function emitVendor(model: VendorModel, packageName: string): string {
  const used = new Set<string>();
  const use = (name: string) => {
    const scheme = model.schemes.get(name);
    if (!scheme || used.has(name)) return;
    used.add(name);
    model.operations.find(({ id }) => id === scheme.exchange?.operationId)?.security.forEach(use);
  };
  for (const operation of model.operations) operation.security.forEach(use);
  const data = {
    package: packageName,
    servers: Object.fromEntries(model.servers.map((server) => [server.name, serverData(server)])),
    credentials: Object.fromEntries(
      model.credentials.map(({ name, schema, required, secret }) => [
        name,
        {
          secret: secret || undefined,
          optional: !required || undefined,
          any: resolve<Schema>(model.document, schema).type !== "string" || undefined,
        },
      ]),
    ),
    schemes: Object.fromEntries(
      [...model.schemes]
        .filter(([name]) => used.has(name))
        .map(([name, { placement, credentials, exchange }]) => [
          name,
          { ...placement, ...(exchange ? { exchange } : { credentials }) },
        ]),
    ),
    security: primarySecurity(model),
    operations: Object.fromEntries(model.operations.map((operation) => [operation.id, operationData(operation)])),
  };
  return `import type { Vendor } from "@org/auth-runtime";

/** What the runtime needs to know of the vendor. */
export const vendor = ${printLiteral(data)} as const satisfies Vendor;
`;
}

/** The credentials that go with a call to a path the spec does not know: the document's own, or else the most used. */
export function primarySecurity(model: VendorModel): string[] {
  const known = model.operations.find((operation) => operation.operation.security === undefined);
  if (known && securityOf(model.document, known.operation).length > 0) return known.security;
  const counts = new Map<string, number>();
  for (const { security } of model.operations) {
    if (security.length > 0) counts.set(security.join(" "), (counts.get(security.join(" ")) ?? 0) + 1);
  }
  const [most] = [...counts].sort(([, a], [, b]) => b - a);
  return most?.[0].split(" ") ?? [];
}

function serverData({ url, variables }: ServerModel) {
  const enumerated = variables.filter((variable) => variable.enum);
  return {
    url,
    variables:
      enumerated.length === 0
        ? undefined
        : Object.fromEntries(
            enumerated.map((variable) => [variable.name, { enum: variable.enum, default: variable.default }]),
          ),
  };
}

function operationData({ method, path, input, security, responses }: OperationModel) {
  const secrets = input.members.filter(({ secret }) => secret).map(({ name }) => name);
  const placed = [...input.members, ...input.fixed];
  return {
    method: method.toUpperCase(),
    path,
    input: placed.length > 0 ? Object.fromEntries(placed.map(({ name, location }) => [name, location])) : undefined,
    fixed: input.fixed.length > 0 ? Object.fromEntries(input.fixed.map(({ name, value }) => [name, value])) : undefined,
    secrets: secrets.length > 0 ? secrets : undefined,
    encoding: input.encoding,
    open: input.open || undefined,
    security,
    responses: Object.fromEntries(responses.map(({ status, kind }) => [status, kind])),
  };
}
