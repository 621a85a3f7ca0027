import {
  bodyMembers,
  type Document,
  exampleCredentials,
  exchangesOf,
  type Operation,
  operationsOf,
} from "./entries/examples.ts";
import type { PrismRequest } from "./prism.ts";
import type { Random } from "./random.ts";
import type { Holder } from "./tokens.ts";

/** Credentials a mock accepts, by the names the client's options have, and the scopes they are good for: all, if none are named. */
export interface Credential {
  readonly scopes?: readonly string[];
  readonly [name: string]: unknown;
}

/** Who may use a mock. */
export interface Credentials {
  /** The first accepted ones, as they are now. */
  current(): Record<string, unknown>;
  /** Who an exchange's request is from. */
  holderOfInput(operation: Operation, request: PrismRequest): Holder | undefined;
  /** Who a Basic pair or a key belongs to. */
  holderOf(members: Readonly<Record<string, unknown>>): Holder | undefined;
  /** The value of another member of the credential that has this one. */
  memberBeside(name: string, value: string, wanted: string): string | undefined;
  /** Gives every holder a new value and returns it; `undefined` while an old one is there. */
  rotate(name: string): string | undefined;
  /** From here on no value is accepted. */
  revoke(name: string): void;
  /** What may not be shown. */
  secrets(): string[];
  reset(): void;
}

export function createCredentials(
  document: Document,
  given: Credential | readonly Credential[] | undefined,
  random: Random,
  inferred: boolean,
): Credentials {
  const initial = given ? [given].flat() : [exampleCredentials(document)];
  const secretNames = secretNamesOf(document);
  let accepted: Record<string, unknown>[] = [];
  const reset = () => {
    accepted = initial.map((credential) => ({ ...credential }));
  };
  reset();
  const holder = (members: Readonly<Record<string, unknown>>, asked: readonly string[]) =>
    accepted.find((credential) =>
      asked.every((name) => credential[name] !== undefined && String(credential[name]) === String(members[name])),
    ) as Holder | undefined;

  return {
    current: () => {
      const { scopes: _, ...members } = accepted[0] ?? {};
      return members;
    },
    holderOfInput: (operation, request) => holder(inputOf(request), secretsOf(operation)),
    holderOf: (members) => holder(members, Object.keys(members)),
    memberBeside(name, value, wanted) {
      const found = accepted.find((credential) => credential[name] === value)?.[wanted];
      return found === undefined ? undefined : String(found);
    },
    rotate(name) {
      // The vendor's document says to delete the old one first; what happens otherwise nobody documents.
      if (inferred && accepted.some((credential) => credential[name] !== undefined)) return undefined;
      const value = `mock-${random.text(24)}`;
      for (const credential of accepted) credential[name] = value;
      return value;
    },
    revoke(name) {
      for (const credential of accepted) delete credential[name];
    },
    secrets: () =>
      accepted.flatMap((credential) =>
        Object.entries(credential).flatMap(([name, value]) => (secretNames.has(name) ? String(value) : [])),
      ),
    reset,
  };
}

/** The members of an exchange's request that tell who it is from: what has to be there, and whatever is secret. */
function secretsOf({ parameters, requestBody }: Operation): string[] {
  const [media] = Object.values(requestBody?.content ?? {});
  const members = bodyMembers(media?.schema).filter(
    ({ required, isFixed, isSecret }) => (required || isSecret) && !isFixed,
  );
  const own = parameters.filter(({ required, schema }) => required || schema?.format === "password");
  return [...members, ...own].map(({ name }) => name);
}

/** The names of the credentials that are secret: what the exchanges mark as such, and what the schemes carry. */
function secretNamesOf(document: Document): Set<string> {
  const exchanges = exchangesOf(document);
  const inputs = operationsOf(document).filter(({ operationId }) => exchanges.includes(operationId));
  const members = inputs.flatMap(({ requestBody }) =>
    Object.values(requestBody?.content ?? {}).flatMap(({ schema }) => bodyMembers(schema)),
  );
  const schemes = Object.values(document.components?.securitySchemes ?? {});
  return new Set([
    ...members.filter(({ isSecret }) => isSecret).map(({ name }) => name),
    ...inputs.flatMap(({ parameters }) =>
      parameters.filter(({ schema }) => schema?.format === "password").map(({ name }) => name),
    ),
    ...schemes.flatMap(
      ({ "x-credential-names": { password = "password", apiKey = "apiKey", token = "token" } = {} }) => [
        password,
        apiKey,
        token,
      ],
    ),
  ]);
}

/** Every member of a request, wherever it travels. */
export function inputOf({ url, headers, body }: PrismRequest): Record<string, unknown> {
  const isForm = headers["content-type"]?.startsWith("application/x-www-form-urlencoded");
  const members = isForm ? Object.fromEntries(new URLSearchParams(String(body))) : Object(body);
  return { ...headers, ...url.query, ...members };
}
