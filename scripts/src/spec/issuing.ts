import type { Vendor } from "@org/auth-runtime";
import {
  type LocatedOperation,
  type OpenApiDocument,
  resolve,
  type Schema,
  type Server,
  SpecError,
} from "./document.ts";
import { parseDurationMs } from "./expressions.ts";
import type { InputModel } from "./input.ts";
import { namesIn, type SchemeModel } from "./schemes.ts";

type Assertion = NonNullable<Vendor["operations"][string]["assertion"]>;
/** RFC 7523 says no more than that it is short. */
const ASSERTION_LIFETIME_MS = 300_000;

/** The part of an operation's input that is signed for it, if there is one. */
export function assertionOf(document: OpenApiDocument, { members }: InputModel): Assertion | undefined {
  for (const { name, schema } of members) {
    const signed = schema["x-jwt-assertion"] ?? resolve<Schema>(document, schema)["x-jwt-assertion"];
    if (!signed) continue;
    const { algorithm, claims, lifetime, privateKey = "privateKey", keyId } = signed;
    const lifetimeMs = lifetime === undefined ? ASSERTION_LIFETIME_MS : parseDurationMs(lifetime);
    return { member: name, algorithm, privateKey, ...(keyId !== undefined && { keyId }), lifetimeMs, claims };
  }
  return undefined;
}

/** The credentials an assertion is made of, in the order they are asked for; the key is a secret. */
export function assertionCredentials({ claims, keyId, privateKey }: Assertion): { name: string; secret: boolean }[] {
  const texts = Object.values(claims).filter((claim) => typeof claim === "string");
  const open = [...new Set([...texts.flatMap(namesIn), ...(keyId === undefined ? [] : [keyId])])];
  return [...open.map((name) => ({ name, secret: false })), { name: privateKey, secret: true }];
}

/** What of an operation's answer a refresh takes, where the operation issues a token that is refreshed so. */
export function keptOf(id: string, schemes: ReadonlyMap<string, SchemeModel>) {
  const kept = [...schemes.values()].flatMap(({ exchange }) =>
    (exchange?.operationId === id || exchange?.refresh === id) && exchange.refreshInput ? [exchange.refreshInput] : [],
  );
  return kept.length > 0 ? Object.assign({}, ...kept) : undefined;
}

/** The servers of an operation that issues tokens elsewhere: for each server of the document its own. Throws {@link SpecError}. */
export function ownServersOf(
  { servers = [] }: OpenApiDocument,
  { item, operation, path }: LocatedOperation,
  isIssuing: boolean,
): Server[] | undefined {
  const own = operation.servers;
  const pointer = ["paths", path];
  if (item.servers || (own && !isIssuing))
    throw new SpecError(
      "servers of a single path or operation are not supported, unless the operation issues tokens; list them once",
      pointer,
    );
  return (
    own &&
    servers.map((server) => {
      const name = server["x-name"];
      const found = own.find((each) => each["x-name"] === name) ?? own.find((each) => each["x-name"] === undefined);
      if (found) return { ...found, ...(name !== undefined && { "x-name": name }) };
      throw new SpecError(`${operation.operationId} has no server for "${name}"; add one with that x-name`, pointer);
    })
  );
}
