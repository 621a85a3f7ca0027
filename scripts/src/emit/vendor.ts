import type { BodyKind, ValuePath, Vendor } from "@org/auth-runtime";
import { resolve, type Schema, securityOf } from "../spec/document.ts";
import type { OperationModel, ServerModel, VendorModel } from "../spec/model.ts";
import { isSuccess, type ResponseModel } from "../spec/responses.ts";
import type { ExchangeModel, SchemeModel } from "../spec/schemes.ts";
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
        .map(([name, { placement, credentials, template, exchange }]) => [
          name,
          {
            in: placement.in === "header" ? undefined : placement.in,
            name: placement.name === "Authorization" && placement.in === "header" ? undefined : placement.name,
            prefix: placement.prefix,
            ...(exchange ? { exchange: exchangeData(exchange) } : { credentials, template }),
          },
        ]),
    ),
    security: primarySecurity(model),
    operations: Object.fromEntries(
      model.operations.map((operation) => [operation.id, operationData(operation, roleOf(model, operation))]),
    ),
  };
  const features = featuresOf(
    model,
    [...model.schemes].filter(([name]) => used.has(name)).map(([, scheme]) => scheme),
  );
  const imports = features.map(([, part]) => part).filter((part) => part !== ASSERTION);
  const members = features.map(([member, part]) => (member === part ? member : `${member}: ${part}`)).join(", ");
  const parts = printLiteral({ package: packageName, features: "", ...data });
  const lines = [
    'import type { Vendor } from "@org/auth-runtime";',
    ...(imports.length > 0 ? [`import { ${imports.sort().join(", ")} } from "@org/auth-runtime/features";`] : []),
    ...(features.some(([, part]) => part === ASSERTION)
      ? [`import { ${ASSERTION} } from "@org/auth-runtime/assertion";`]
      : []),
  ];
  return `${lines.join("\n")}

/** What the runtime needs to know of the vendor. */
export const vendor = ${parts.replace('features: ""', members ? `features: { ${members} }` : "features: {}")} as const satisfies Vendor;
`;
}

/** The one part that is imported from a subpath of its own. */
const ASSERTION = "assertion";

type FeatureName = keyof Vendor["features"];

/** Which parts of the runtime the data asks for, and for which of its members; `vendor.ts` there says what each does. */
function featuresOf(model: VendorModel, schemes: readonly SchemeModel[]): [member: FeatureName, part: string][] {
  const exchanges = schemes.flatMap(({ exchange }) => exchange ?? []);
  const placed = model.operations.flatMap(({ input }) => [...input.members, ...input.fixed]);
  const read = exchanges.flatMap(({ token, expiresIn, expiresAt }) => [...token, expiresIn, expiresAt]);
  const isElsewhere = (path: ValuePath | undefined) => path?.[0] === "header" || path?.length === 1;
  const hasForm = model.operations.some(({ input }) => input.encoding === "form");
  const sends = model.operations.some(({ assertion }) => assertion) ? ASSERTION : "refreshTokens";
  const parts: Record<FeatureName, string | false | undefined> = {
    credentials: schemes.some(({ exchange }) => !exchange) && "credentials",
    elsewhere: schemes.some(({ placement }) => placement.in !== "header") && "elsewhere",
    grants: placed.some(({ name }) => name === "grant_type") && "grants",
    lifetime: lifetimeOf(exchanges),
    outside: read.some(isElsewhere) && "outside",
    pairs: (hasForm || placed.some(({ location }) => location === "query")) && "pairs",
    paths: placed.some(({ location }) => location === "path") && "paths",
    prepare: model.takesAuth ? "auth" : model.operations.some(({ servers }) => servers) && "ownServers",
    refresh: exchanges.some(({ refreshInput, refreshFixed }) => refreshInput ?? refreshFixed)
      ? "refreshWithMore"
      : exchanges.some((exchange) => exchange.refresh) && "refresh",
    send: model.operations.some(({ assertion, keeps }) => assertion ?? keeps) && sends,
    template: schemes.some(({ template }) => template) && "template",
    tokens: exchanges.length > 0 && "tokens",
    variables: model.servers.some(({ variables }) => variables.length > 0) && "variables",
  };
  return Object.entries(parts).flatMap(([member, part]) => (part ? [[member as FeatureName, part]] : []));
}

function lifetimeOf(exchanges: readonly ExchangeModel[]): string | undefined {
  const ways = new Set(
    exchanges.flatMap(({ expiresIn, expiresAt, jwt }) => [
      ...(expiresIn ? ["seconds"] : []),
      ...(expiresAt ? ["dates"] : []),
      ...(jwt ? ["jwt"] : []),
    ]),
  );
  return ways.size > 1 ? "anyLifetime" : [...ways][0];
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
  if (variables.length === 0) return url;
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

function roleOf({ schemes }: VendorModel, { id }: OperationModel): "exchange" | "refresh" | undefined {
  const exchanges = [...schemes.values()].map(({ exchange }) => exchange);
  if (exchanges.some((exchange) => exchange?.operationId === id)) return "exchange";
  return exchanges.some((exchange) => exchange?.refresh === id) ? "refresh" : undefined;
}

/** The refresh's expressions are about the operations' answers, so they stand there. */
function exchangeData({ refreshInput, ...exchange }: ExchangeModel) {
  return { ...exchange, takesMore: refreshInput && true };
}

function operationData(
  { method, path, servers, assertion, keeps, input, security, responses, operation }: OperationModel,
  role: string | undefined,
) {
  const secrets = input.members.filter(({ secret }) => secret).map(({ name }) => name);
  const placed = [...input.members, ...input.fixed];
  return {
    method: method.toUpperCase(),
    path,
    servers: servers && Object.fromEntries(servers.map((server) => [server.name, serverData(server)])),
    assertion,
    keeps,
    role,
    retry: operation["x-retry"],
    input: placed.length > 0 ? Object.fromEntries(placed.map(({ name, location }) => [name, location])) : undefined,
    fixed: input.fixed.length > 0 ? Object.fromEntries(input.fixed.map(({ name, value }) => [name, value])) : undefined,
    secrets: secrets.length > 0 ? secrets : undefined,
    contentType: input.encoding && CONTENT_TYPES[input.encoding],
    accept: acceptOf(responses),
    open: input.open || undefined,
    security,
    responses: Object.fromEntries(responsesData(responses)),
  };
}

const CONTENT_TYPES = {
  json: "application/json",
  form: "application/x-www-form-urlencoded",
  text: "text/plain",
};

/** What the answers' media types are, where they are not plain JSON alone. */
function acceptOf(responses: readonly ResponseModel[]): string | undefined {
  const bodies = responses.filter(({ kind }) => kind !== "empty");
  const accept = [...new Set(bodies.map(({ mediaType }) => mediaType))].join(",") || "*/*";
  return accept === CONTENT_TYPES.json ? undefined : accept;
}

/** The first success stands for every success the spec does not list. */
function responsesData(responses: readonly ResponseModel[]): [status: string, kind: BodyKind][] {
  const first = responses.find(isSuccess);
  const others = responses.filter((response) => response !== first && response.status !== "2XX");
  const success = responses.find(({ status }) => status === "2XX") ?? first;
  const same = first && success && kindOf(first) !== kindOf(success) ? [first] : [];
  return [
    ...(success ? [["2XX", kindOf(success)] as [string, BodyKind]] : []),
    ...[...same, ...others].map((response): [string, BodyKind] => [response.status, kindOf(response)]),
  ];
}

function kindOf({ kind, absent }: ResponseModel): BodyKind {
  return absent ? (`${kind}?` as BodyKind) : kind;
}
