import { fill } from "./assertions.ts";
import { carriedBy } from "./carried.ts";
import { createMockClock, type MockClock } from "./clock.ts";
import { createCollections, secretsIn } from "./collections.ts";
import { type Credential, createCredentials, inputOf } from "./credentials.ts";
import {
  credentialNames,
  type Document,
  exchangesByScheme,
  type Operation,
  operationsOf,
  type SecurityScheme,
} from "./entries/examples.ts";
import type { Layer, Negotiate, PrismOperation, PrismRequest, PrismResponse } from "./prism.ts";
import { createRandom } from "./random.ts";
import { createTokens, type Holder, isRefreshing, takesIssued, verifiedClaims } from "./tokens.ts";

export interface StateOptions {
  /** Credentials that are accepted, alone or several. Default: the ones of the spec's own examples. */
  credentials?: Credential | readonly Credential[] | undefined;
  /** How long tokens last, in milliseconds. Default: what the spec's example and documented lifetime say. */
  tokenLifetimeMs?: number | undefined;
  /** Whether refusals are given that nobody documents: of an entry over a collection's limit, of a secret beside an old one. Default: true. */
  inferred?: boolean | undefined;
  /** Makes ids, secrets and tokens come in the same order each time. */
  seed?: number | undefined;
}

/** What a mock remembers between requests. */
export interface State {
  readonly layer: Layer;
  readonly clock: MockClock;
  /** Credentials that are accepted now. */
  credentials(): Record<string, unknown>;
  /** Whether a request carries what is good for the vendor's own paths; without a state anything is. */
  isAuthorised(request: PrismRequest, stateless: boolean): boolean;
  /** What has to be masked wherever it is shown: the secrets that are accepted. */
  secrets(): string[];
  revokeTokens(): void;
  reset(): void;
}

/** What nobody documents says so in this header of an answer. */
const INFERRED = "x-mock-inferred";

/** The state of one document's mock: everything in it is derived from the document. */
export function createState(document: Document, options: StateOptions): State {
  const { inferred = true, tokenLifetimeMs } = options;
  const clock = createMockClock();
  const random = createRandom(options.seed);
  const schemes = document.components?.securitySchemes ?? {};
  const exchanges = Object.entries(exchangesByScheme(document));
  const operations = new Map(
    operationsOf(document).map((operation) => [`${operation.method} ${operation.path}`, operation]),
  );
  const credentials = createCredentials(document, options.credentials, random, inferred);
  const tokens = createTokens(clock, random, tokenLifetimeMs, (name) => schemes[name]?.bearerFormat === "JWT");
  const collections = createCollections(document, random, inferred);

  /** Who a request is from by one scheme, whatever it may then do. */
  function holderBy(name: string, scheme: SecurityScheme, request: PrismRequest): Holder | undefined {
    // Whom a certificate names, the connection has said.
    if (scheme.type === "mutualTLS") return credentials.anyone();
    const carried = carriedBy(scheme, request);
    if (carried === undefined) return undefined;
    if (exchanges.some(([exchanged]) => exchanged === name)) return tokens.holderOf(name, carried);
    const { username, password, apiKey, token } = credentialNames(scheme);
    const template = scheme["x-credential-template"];
    if (template !== undefined) {
      const sent = scheme.scheme === "basic" ? Buffer.from(carried, "base64").toString() : carried;
      return credentials.find((credential) => fill(template, credential) === sent);
    }
    if (scheme.scheme === "basic") {
      const [id, ...rest] = Buffer.from(carried, "base64").toString().split(":");
      return credentials.holderOf({ [username]: id, [password]: rest.join(":") });
    }
    if (scheme.type === "apiKey") return credentials.holderOf({ [apiKey]: carried });
    return credentials.holderOf({ [token]: carried }) ?? signer(carried);
  }

  /** Who signed a token with the secret of a Basic pair; it is good for no more than its signer. */
  function signer(token: string): Holder | undefined {
    for (const scheme of Object.values(schemes)) {
      if (scheme.scheme !== "basic") continue;
      const { username, password } = credentialNames(scheme);
      const of = (keyId: string) => credentials.holderOf({ [username]: keyId });
      const signed = verifiedClaims(token, (keyId) => of(keyId)?.[password], clock.now());
      if (!signed) continue;
      const { scopes, ...holder } = of(signed.keyId) ?? {};
      const { scope } = signed.claims;
      const claimed = scope === undefined ? scopes : [scope].flat().flatMap((each) => String(each).split(" "));
      return { ...holder, scopes: claimed?.filter((each) => scopes?.includes(each) ?? true) };
    }
    return undefined;
  }

  /** Who a request is from by each way of authorising it that it takes with good credentials. */
  function grantsOf(
    requirements: Document["security"],
    request: PrismRequest,
  ): { holder: Holder; isScoped: boolean }[] {
    return (requirements ?? []).flatMap((requirement) => {
      const parts = Object.entries(requirement).map(([name, scopes]) => {
        const holder = holderBy(name, schemes[name] ?? { type: "" }, request);
        const has = (scope: string) => holder?.scopes?.includes(scope) ?? true;
        return { holder, isScoped: scopes.every(has) };
      });
      const [first] = parts;
      if (!first?.holder || parts.some(({ holder }) => !holder)) return [];
      return [{ holder: first.holder, isScoped: parts.every(({ isScoped }) => isScoped) }];
    });
  }

  const requirementsOf = ({ security }: Operation) => security ?? document.security ?? [];
  const of = ({ method, path }: PrismOperation) => operations.get(`${method} ${path}`) as Operation;

  function answer(operation: Operation, request: PrismRequest, negotiate: Negotiate): PrismResponse {
    const refuse = (statuses: readonly number[], why: string, isInferred = false) =>
      refusal(operation, negotiate, statuses, why, isInferred);
    const requirements = requirementsOf(operation);
    const grants = grantsOf(requirements, request);
    const grant = grants.find(({ isScoped }) => isScoped);
    if (requirements.length > 0 && !grant && !requirements.some(isEmpty))
      return refuse([403, 401], "The credentials lack a scope of this operation");

    const [scheme, exchange] = exchanges.find(([, { operationId, refresh }]) =>
      [operationId, refresh?.operationId].includes(operation.operationId),
    ) ?? [""];
    if (exchange) {
      const isRefresh = isRefreshing(exchange, operation.operationId, inputOf(request));
      if (isRefresh && takesIssued(exchange))
        return (
          tokens.refresh(scheme, exchange, inputOf(request), negotiate) ??
          refuse([400, 401], "Nobody holds this refresh token")
        );
      const said = isRefresh ? null : credentials.holderOfInput(operation, request, clock.now());
      // What says nothing of who it is from is from whoever its own credentials name, or else from anyone.
      const holder = said === null ? (grant?.holder ?? credentials.anyone()) : said;
      if (!holder) return refuse([401, 403, 400], "The credentials are not accepted");
      return tokens.issue(scheme, exchange, holder, negotiate());
    }

    const { rotates, revokes } = operation["x-mock"] ?? {};
    const holder = grant?.holder ?? credentials.anyone();
    if (rotates !== undefined) {
      const secret = credentials.rotate(holder, rotates);
      return secret === undefined
        ? refuse([409], `There is a ${rotates} already; delete it first`, true)
        : withSecret(operation, rotates, secret, negotiate());
    }
    if (revokes !== undefined) credentials.revoke(holder, revokes);

    if (collections.partOf(operation.operationId) === undefined) return negotiate();
    const outcome = collections.apply(operation, request, negotiate);
    if ("response" in outcome) {
      if (outcome.issued) credentials.add(outcome.issued);
      if (outcome.ended) credentials.remove(outcome.ended);
      return outcome.response;
    }
    return outcome.refused === "missing"
      ? refuse([404], "There is no such entry")
      : refuse([400, 409, 422], "The collection holds as many entries as it can", true);
  }

  return {
    clock,
    layer: {
      isAuthorised(operation, request) {
        const requirements = requirementsOf(of(operation));
        return requirements.length === 0 || requirements.some(isEmpty) || grantsOf(requirements, request).length > 0;
      },
      answer: (operation, request, negotiate) => answer(of(operation), request, negotiate),
    },
    isAuthorised(request, stateless) {
      const used = exchanges.length > 0 ? exchanges.map(([name]) => name) : Object.keys(schemes);
      return used.some((name) => {
        const scheme = schemes[name] as SecurityScheme;
        return stateless ? carriedBy(scheme, request) : holderBy(name, scheme, request);
      });
    },
    credentials: credentials.current,
    secrets: credentials.secrets,
    revokeTokens: tokens.revokeAll,
    reset() {
      tokens.revokeAll();
      credentials.reset();
      collections.reset();
      random.restart();
    },
  };
}

const isEmpty = (requirement: object) => Object.keys(requirement).length === 0;

/** The first of some statuses the spec documents, or a problem of the mock's own where it documents none. */
function refusal(
  { responses }: Operation,
  negotiate: Negotiate,
  statuses: readonly number[],
  why: string,
  isInferred: boolean,
): PrismResponse {
  const [wanted = 400] = statuses;
  const listed = statuses.find((status) => responses[status] ?? responses[`${String(status)[0]}XX`]);
  const status = listed ?? (responses["default"] && wanted);
  const mark = isInferred || listed === undefined ? { [INFERRED]: why } : {};
  if (status !== undefined) {
    const response = negotiate(status);
    return { ...response, headers: { ...response.headers, ...mark } };
  }
  throw Object.assign(new Error(why), {
    name: "https://stoplight.io/prism/errors#MOCK_STATE",
    status: wanted,
    detail: "Nobody documents an answer to this, so the mock gives one of its own.",
    additional: { headers: mark },
  });
}

/** The answer with a new secret in it: in the members marked as secrets, or where the spec shows none, under the credential's name. */
function withSecret({ responses }: Operation, name: string, secret: string, response: PrismResponse): PrismResponse {
  const [, success] = Object.entries(responses).find(([status]) => status.startsWith("2")) ?? [];
  const names = secretsIn(Object.values(success?.content ?? {})[0]?.schema);
  const fill = (value: unknown): unknown => {
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) return value.map(fill);
    const entries = Object.entries(value).map(([key, member]) => [key, names.includes(key) ? secret : fill(member)]);
    return Object.fromEntries(entries);
  };
  const body = fill(response.body);
  if (JSON.stringify(body)?.includes(secret)) return { ...response, body };
  return {
    ...response,
    headers: {
      "content-type": "application/json",
      ...response.headers,
      [INFERRED]: "Where the secret stands is not documented",
    },
    body: { ...Object(body), [name]: secret },
  };
}
