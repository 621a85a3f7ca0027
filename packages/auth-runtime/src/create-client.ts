import { createAuthorisedFetch, createAuthorisers, fixedValue, type Target } from "./authorise.ts";
import { VendorError } from "./errors.ts";
import type { CallOptions } from "./http.ts";
import { describePaths, readIssuedToken } from "./issued-token.ts";
import { type Client, createTypedClient } from "./openapi-fetch.ts";
import { type Call, callOperation } from "./operation.ts";
import { checkOptions } from "./options.ts";
import { createTokenSource, type IssuedToken, type TokenSource } from "./token-source.ts";
import type { OperationDescription, TokenExchange, Vendor } from "./vendor.ts";

/** What every client has beside its operations. */
export interface AuthorisedClient<Paths extends object> {
  /**
   * A drop-in `fetch` that attaches the credentials, for the vendor's origins only, and replays a request once after a 401.
   * Its caller owns deadlines and retries.
   *
   * @throws `origin_not_allowed` for any other origin, the errors of the token exchange, and what `fetch` itself throws.
   */
  readonly fetch: typeof fetch;
  /** The openapi-fetch client: `{ data, error, response }`, typed by the spec, with the credentials each operation needs. */
  readonly client: Client<Paths>;
}

/** An answer may echo a token that was replaced while it was under way. */
const REMEMBERED_TOKENS = 3;

/** Builds a package's client from its vendor's data. Throws `invalid_options` or `insecure_url` for what cannot work. */
export function createVendorClient<VendorClient>(vendor: Vendor, options: object): VendorClient {
  const settings = checkOptions(vendor, options);
  const { baseUrl, credentials } = settings;
  const tokens: string[] = [];
  const fixed = Object.values(vendor.schemes).map((scheme) => fixedValue(scheme, credentials));
  const secretValues = () => [...settings.secrets, ...fixed, ...tokens];
  const refuse = (message: string) => new VendorError(vendor.package, "invalid_options", message);
  const sources = new Map<string, TokenSource>();
  const exchanges = new Map(
    Object.entries(vendor.schemes).flatMap(([name, { exchange }]) => (exchange ? [[name, exchange] as const] : [])),
  );
  const exchangeIds = new Set([...exchanges.values()].map(({ operationId }) => operationId));
  const aborted = () => new VendorError(vendor.package, "aborted", "the caller's signal ended the wait for a token");
  for (const [name, exchange] of exchanges) {
    sources.set(
      name,
      createTokenSource(() => issue(exchange), aborted, refuse),
    );
  }
  const authorisers = createAuthorisers(vendor, settings, sources);
  const refreshes = [...exchanges.values()].map(({ refresh }) => vendor.operations[refresh ?? ""]);
  const fetchOf = (target: Omit<Target, "replays"> = vendor, send?: typeof fetch) => {
    // A refresh is a raw call: another token must not be obtained for it.
    const replays = !refreshes.includes(target as OperationDescription);
    return createAuthorisedFetch(vendor, settings, authorisers, { ...target, replays }, send);
  };

  const calls = new Map<string, Call>();
  for (const [operationId, operation] of Object.entries(vendor.operations)) {
    const isExchange = exchangeIds.has(operationId);
    calls.set(operationId, {
      vendor,
      operationId,
      baseUrl,
      fetch: fetchOf(operation),
      secrets: secretValues,
      isExchange,
    });
  }

  async function issue(exchange: TokenExchange): Promise<IssuedToken> {
    const { operationId } = exchange;
    const { input = {}, fixed = {} } = vendor.operations[operationId] as OperationDescription;
    const names = Object.keys(input).filter((name) => !Object.hasOwn(fixed, name) && credentials[name] !== undefined);
    const requestedAt = Date.now();
    const own = Object.fromEntries(names.map((name) => [name, credentials[name]]));
    const { data, headers } = await callOperation(calls.get(operationId) as Call, own);
    const issued = readIssuedToken(exchange, data, headers, requestedAt);
    if (issued) {
      tokens.unshift(issued.accessToken);
      tokens.length = Math.min(tokens.length, REMEMBERED_TOKENS);
      return issued;
    }
    const where = describePaths(exchange.token);
    throw new VendorError(
      vendor.package,
      "invalid_response",
      `${operationId}: no valid token at ${where} of the answer`,
      {
        operationId,
      },
    );
  }

  const operations = [...calls].map(([operationId, call]) => [
    operationId,
    async (input?: unknown, callOptions?: CallOptions) => (await callOperation(call, input, callOptions)).data,
  ]);
  return {
    ...sources.get(vendor.security.find((name) => sources.has(name)) ?? ""),
    fetch: fetchOf(),
    client: createTypedClient(baseUrl, Object.values(vendor.operations), fetchOf, refuse),
    ...Object.fromEntries(operations),
  } as VendorClient;
}
