import { assertionCredentials, assertionOf, isAssertion, namesIn } from "./assertions.ts";
import {
  bodyMembers,
  credentialNames,
  type Document,
  exampleCredentials,
  exchangesByScheme,
  exchangesOf,
  isFixed,
  type Operation,
  operationsOf,
  suppliedMembers,
} from "./entries/examples.ts";
import { MockError } from "./errors.ts";
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
  /** Who an exchange's request is from by what it says; `null` where it says nothing of that. */
  holderOfInput(operation: Operation, request: PrismRequest, now: number): Holder | undefined | null;
  /** Whoever is accepted first. */
  anyone(): Holder;
  /** Whoever some members are of, or the first who passes a test. */
  find(test: (credential: Readonly<Record<string, unknown>>) => boolean): Holder | undefined;
  /** Who a Basic pair or a key belongs to. */
  holderOf(members: Readonly<Record<string, unknown>>): Holder | undefined;
  /** Gives a holder a new value and returns it; `undefined` while the old one is there. */
  rotate(holder: Holder, name: string): string | undefined;
  /** From here on no value of the holder is accepted. */
  revoke(holder: Holder, name: string): void;
  /** Accepts a further credential from here on. */
  add(credential: Readonly<Record<string, unknown>>): void;
  /** Accepts it no more. */
  remove(credential: Readonly<Record<string, unknown>>): void;
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
  const examples = exampleCredentials(document);
  const own = Object.keys(examples).length > 0 ? examples : exampleTokens(document);
  const initial = given ? checked(document, [given].flat()) : [own];
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
    holderOfInput(operation, request, now) {
      const own = Object.values(exchangesByScheme(document)).filter(
        (each) => each.operationId === operation.operationId,
      );
      const supplied = own.flatMap((exchange) => suppliedMembers(exchange, operation));
      const asked = secretsOf(operation).filter((name) => !supplied.includes(name));
      const given = inputOf(request);
      const signed = assertionOf(operation);
      if (!signed) return asked.length === 0 ? null : holder(given, asked);
      return accepted.find(
        (credential) =>
          isAssertion(given[signed.name], signed.assertion, credential, now) &&
          asked.every((name) => String(credential[name]) === String(given[name])),
      ) as Holder | undefined;
    },
    find: (test) => accepted.find(test) as Holder | undefined,
    anyone: () => accepted[0] as Holder,
    holderOf: (members) => holder(members, Object.keys(members)),
    rotate(of, name) {
      // The vendor's document says to delete the old one first; what happens otherwise nobody documents.
      if (inferred && of[name] !== undefined) return undefined;
      const value = `mock-${random.text(24)}`;
      of[name] = value;
      return value;
    },
    revoke(of, name) {
      delete of[name];
    },
    add: (credential) => void accepted.push({ ...credential }),
    remove({ scopes: _, ...members }) {
      accepted = accepted.filter((each) => Object.entries(members).some(([name, value]) => each[name] !== value));
    },
    secrets: () =>
      accepted.flatMap((credential) =>
        Object.entries(credential).flatMap(([name, value]) => (secretNames.has(name) ? String(value) : [])),
      ),
    reset,
  };
}

/** Tokens nobody issues, which the document leaves to its users. */
function exampleTokens(document: Document): Record<string, string> {
  const exchanged = exchangesByScheme(document);
  const schemes = Object.entries(document.components?.securitySchemes ?? {});
  return Object.fromEntries(
    schemes
      .filter(([name, { scheme }]) => scheme?.toLowerCase() === "bearer" && !exchanged[name])
      .map(([, scheme]) => [credentialNames(scheme).token, "example-token"]),
  );
}

/** Throws {@link MockError} for a credential whose members nobody asks for. */
function checked(document: Document, given: readonly Credential[]): readonly Credential[] {
  const asked = exchangeOperations(document).flatMap(({ parameters, requestBody }) => [
    ...parameters.map(({ name }) => name),
    ...Object.values(requestBody?.content ?? {}).flatMap(({ schema }) => bodyMembers(schema).map(({ name }) => name)),
  ]);
  const known = [...new Set([...asked, ...schemeNames(document)])];
  for (const name of given.flatMap((credential) => Object.keys(credential)))
    if (name !== "scopes" && !known.includes(name))
      throw new MockError(
        `there is no credential "${name}"; the credentials are ${known.join(", ")}, and their scopes`,
      );
  return given;
}

/** What the credentials of the schemes are called that have no exchange. */
function schemeNames(document: Document): string[] {
  const signed = exchangeOperations(document).flatMap((operation) => assertionOf(operation) ?? []);
  const made = signed.flatMap(({ assertion }) => Object.keys(assertionCredentials(assertion)));
  const carried = Object.values(document.components?.securitySchemes ?? {}).flatMap((scheme) => {
    if (scheme["x-credential-template"] !== undefined) return namesIn(scheme["x-credential-template"]);
    const { username, password, apiKey, token } = credentialNames(scheme);
    if (scheme.scheme?.toLowerCase() === "basic") return [username, password];
    return scheme.type === "apiKey" ? [apiKey] : [token];
  });
  return [...carried, ...made];
}

/** The operations that issue tokens. */
function exchangeOperations(document: Document): Operation[] {
  const issuing = exchangesOf(document);
  return operationsOf(document).filter(({ operationId }) => issuing.includes(operationId));
}

/** The members of an exchange's request that tell who it is from: what has to be there, and whatever is secret. */
function secretsOf({ parameters, requestBody }: Operation): string[] {
  const [media] = Object.values(requestBody?.content ?? {});
  const members = bodyMembers(media?.schema).filter(
    ({ required, isFixed, isSecret }) => (required || isSecret) && !isFixed,
  );
  const own = parameters.filter(
    ({ required, schema }) => (required || schema?.format === "password") && !isFixed(schema),
  );
  return [...members, ...own].map(({ name }) => name);
}

/** The names of the credentials that are secret: what the exchanges mark as such, and what the schemes carry. */
function secretNamesOf(document: Document): Set<string> {
  const inputs = exchangeOperations(document);
  const members = inputs.flatMap(({ requestBody }) =>
    Object.values(requestBody?.content ?? {}).flatMap(({ schema }) => bodyMembers(schema)),
  );
  const schemes = Object.values(document.components?.securitySchemes ?? {});
  return new Set([
    ...members.filter(({ isSecret }) => isSecret).map(({ name }) => name),
    ...inputs.flatMap(({ parameters }) =>
      parameters.filter(({ schema }) => schema?.format === "password").map(({ name }) => name),
    ),
    ...schemes.flatMap((scheme) => namesIn(scheme["x-credential-template"])),
    ...inputs.flatMap((operation) => assertionOf(operation)?.assertion.privateKey ?? "privateKey"),
    ...schemes.map(credentialNames).flatMap(({ password, apiKey, token }) => [password, apiKey, token]),
  ]);
}

/** Every member of a request, wherever it travels. */
export function inputOf({ url, headers, body }: PrismRequest): Record<string, unknown> {
  const isForm = headers["content-type"]?.startsWith("application/x-www-form-urlencoded");
  const members = isForm ? Object.fromEntries(new URLSearchParams(String(body))) : Object(body);
  return { ...headers, ...url.query, ...members };
}
