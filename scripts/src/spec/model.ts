import {
  at,
  type LocatedOperation,
  type OpenApiDocument,
  operationsOf,
  type Schema,
  type Server,
  SpecError,
  securityOf,
} from "./document.ts";
import { type InputModel, inputOf } from "./input.ts";
import { assertionCredentials, assertionOf, keptOf, ownServersOf } from "./issuing.ts";
import { type ResponseModel, responsesOf } from "./responses.ts";
import { namesIn, type SchemeModel, schemesOf } from "./schemes.ts";

/** Members of every client and options of every factory: no operation and no credential may bear one of these names. */
export const CLIENT_MEMBERS = ["getToken", "invalidate", "fetch", "client", "settled", "then"];
export const OPTION_NAMES = [
  ...["server", "origins", "insecureOrigins", "fetch", "auth"],
  ...["store", "onEvent", "clock", "waitUntil", "http"],
];

/** All that is derived from one spec; the emitters turn it into text. */
export interface VendorModel {
  document: OpenApiDocument;
  servers: ServerModel[];
  operations: OperationModel[];
  schemes: Map<string, SchemeModel>;
  credentials: CredentialModel[];
  /** A bearer token of the user's can take the place of the credentials. */
  takesAuth: boolean;
}
export interface ServerModel {
  name: string;
  url: string;
  description: string | undefined;
  variables: { name: string; default: string; enum: string[] | undefined; description: string | undefined }[];
}
export interface OperationModel extends LocatedOperation {
  id: string;
  input: InputModel;
  responses: ResponseModel[];
  /** The schemes whose credentials go with a call: the first alternative the package can supply by itself. */
  security: string[];
  isExchange: boolean;
  /** Where it is served, if not where the others are. */
  servers: ServerModel[] | undefined;
  assertion: ReturnType<typeof assertionOf>;
  keeps: ReturnType<typeof keptOf>;
}
export interface CredentialModel {
  name: string;
  description: string | undefined;
  schema: Schema;
  required: boolean;
  secret: boolean;
}

/** Derives everything the emitters need. Throws {@link SpecError} for what the linter cannot see. */
export function modelOf(document: OpenApiDocument): VendorModel {
  const schemes = schemesOf(document);
  const exchanges = [...schemes.values()].flatMap(({ exchange }) => exchange ?? []);
  const exchangeIds = new Set(exchanges.map(({ operationId }) => operationId));
  const issuingIds = new Set([...exchangeIds, ...exchanges.flatMap(({ refresh }) => refresh ?? [])]);
  const ids = new Set<string>();
  const operations = operationsOf(document).map((located): OperationModel => {
    const { operation, pointer } = located;
    if (ids.has(operation.operationId))
      throw new SpecError(`the operationId "${operation.operationId}" is taken`, pointer);
    ids.add(operation.operationId);
    const id = operation.operationId;
    const isIssuing = issuingIds.has(id);
    const input = at(pointer, () => inputOf(document, located));
    return {
      ...located,
      id,
      input,
      servers: at(pointer, () => ownServersOf(document, located, isIssuing))?.map(serverOf),
      assertion: isIssuing ? at(pointer, () => assertionOf(document, input)) : undefined,
      keeps: keptOf(id, schemes),
      responses: at([...pointer, "responses"], () => responsesOf(document, located, isIssuing)),
      security: at(pointer, () => chooseSecurity(document, located, schemes)),
      isExchange: exchangeIds.has(operation.operationId),
    };
  });
  for (const [path, item] of Object.entries(document.paths)) {
    if (item.$ref) throw new SpecError("a path that is a reference is not supported; write it out", ["paths", path]);
  }
  const servers = (document.servers ?? []).map(serverOf);
  const credentials = credentialsOf(operations, schemes, document);
  return { document, servers, operations, schemes, credentials, takesAuth: takesAuth(document, operations, schemes) };
}

function serverOf(server: Server): ServerModel {
  return {
    name: String(server["x-name"]),
    url: server.url.replace(/\/$/, ""),
    description: server.description,
    variables: Object.entries(server.variables ?? {}).map(([name, variable]) => ({
      name,
      default: variable.default,
      enum: variable.enum,
      description: variable.description,
    })),
  };
}

/** A bearer nobody exchanges has to be brought by the caller, so any other alternative comes before it. */
function chooseSecurity(
  document: OpenApiDocument,
  { operation }: LocatedOperation,
  schemes: Map<string, SchemeModel>,
): string[] {
  const alternatives = securityOf(document, operation).map((requirement) =>
    // Nothing is sent for mutual TLS: the connection itself says who the client is.
    Object.keys(requirement).filter((name) => document.components?.securitySchemes?.[name]?.type !== "mutualTLS"),
  );
  const isSelfSupplied = (name: string) => !isBrought(document, schemes, name);
  const named = alternatives.filter((names) => names.length > 0);
  return named.find((names) => names.every(isSelfSupplied)) ?? named[0] ?? [];
}

/** Whether a scheme is a bearer that no operation of the document issues. */
function isBrought(document: OpenApiDocument, schemes: Map<string, SchemeModel>, name: string): boolean {
  const isBearer = document.components?.securitySchemes?.[name]?.scheme?.toLowerCase() === "bearer";
  return isBearer && !schemes.get(name)?.exchange;
}

/** One choice for all operations: each that sends credentials, with no exchange for any, takes a brought bearer instead. */
function takesAuth(
  document: OpenApiDocument,
  operations: OperationModel[],
  schemes: Map<string, SchemeModel>,
): boolean {
  const guarded = operations.filter(({ security }) => security.length > 0);
  const isCredential = (name: string) => !schemes.get(name)?.exchange && !isBrought(document, schemes, name);
  const isReplaceable = ({ operation, security }: OperationModel) =>
    security.every(isCredential) &&
    securityOf(document, operation).some((requirement) => {
      const [only = "", ...others] = Object.keys(requirement);
      return others.length === 0 && isBrought(document, schemes, only);
    });
  return guarded.length > 0 && guarded.every(isReplaceable);
}

const KEY = "The key assertions are signed with: PKCS #8 in PEM, or for HMAC a secret.";

/** A name in front of the colon of Basic, unless nothing behind it is a credential. */
function isUserId({ placement, credentials, template }: SchemeModel, name: string, index: number): boolean {
  if (placement.prefix !== "Basic ") return false;
  if (template === undefined) return index === 0;
  const [user = "", ...rest] = template.split(":");
  return namesIn(user).includes(name) && namesIn(rest.join(":")).length > 0 && credentials.length > 1;
}

function credentialsOf(
  operations: OperationModel[],
  schemes: Map<string, SchemeModel>,
  document: OpenApiDocument,
): CredentialModel[] {
  const credentials = new Map<string, CredentialModel>();
  const add = (credential: CredentialModel) => {
    if (!credentials.has(credential.name)) credentials.set(credential.name, credential);
  };
  const visited = new Set<string>();
  const visit = (schemeName: string) => {
    const scheme = schemes.get(schemeName);
    if (!scheme || visited.has(schemeName)) return;
    visited.add(schemeName);
    scheme.credentials.forEach((name, index) => {
      const secret = !isUserId(scheme, name, index);
      const description = document.components?.securitySchemes?.[schemeName]?.description;
      add({ name, description, schema: { type: "string" }, required: true, secret });
    });
    const exchange = operations.find(({ id }) => id === scheme.exchange?.operationId);
    if (!exchange) return;
    const { exchange: { fixed, refresh, refreshFixed, refreshInput } = {} } = scheme;
    // What the extension fixes, what is signed, and what only a refresh by the same operation takes, nobody is asked for.
    const supplied = [fixed, ...(refresh === exchange.id ? [refreshFixed, refreshInput] : [])].flatMap((values) =>
      Object.keys(values ?? {}),
    );
    for (const { name, description, schema, required, secret } of exchange.input.members) {
      if (name !== exchange.assertion?.member && !supplied.includes(name))
        add({ name, description, schema, required, secret });
    }
    if (exchange.assertion)
      for (const { name, secret } of assertionCredentials(exchange.assertion))
        add({ name, description: secret ? KEY : undefined, schema: { type: "string" }, required: true, secret });
    exchange.security.forEach(visit);
  };
  for (const operation of operations) operation.security.forEach(visit);
  return [...credentials.values()];
}
