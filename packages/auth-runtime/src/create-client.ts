import { createAuthorisedFetches, createAuthorisers, fixedValue, type Target } from "./authorise.ts";
import { VendorError } from "./errors.ts";
import { createExchange, holdOffMs } from "./exchange.ts";
import { type CallOptions, withAttemptTimeout } from "./http.ts";
import { type Client, createTypedClient } from "./openapi-fetch.ts";
import { type Call, callOperation } from "./operation.ts";
import { checkOptions } from "./options.ts";
import { createTokenSource, type TokenSource } from "./token-source.ts";
import type { OperationDescription, Vendor } from "./vendor.ts";

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
  const { baseUrl, credentials, http, clock, emit, waitUntil } = settings;
  const fail = (code: "aborted" | "invalid_options" | "invalid_response", message: string) =>
    new VendorError(vendor.package, code, message);
  const refuse = (message: string) => fail("invalid_options", message);
  const tokens: string[] = [];
  const fixed = Object.values(vendor.schemes).map((scheme) => fixedValue(scheme, credentials));
  const secrets = () => [...settings.secrets, ...fixed, ...tokens];

  const exchanges = Object.entries(vendor.schemes).flatMap(([name, { exchange }]) =>
    exchange ? [{ name, exchange }] : [],
  );
  const sources = new Map<string, TokenSource>();
  const calls = new Map<string, Call>();
  for (const { name, exchange } of exchanges) {
    const { obtain, forget } = createExchange(vendor, settings, name, exchange, calls, (token) => {
      tokens.unshift(token);
      tokens.length = Math.min(tokens.length, REMEMBERED_TOKENS);
    });
    const source = createTokenSource({
      clock,
      emit,
      obtain,
      forget,
      holdOffMs,
      refuse,
      aborted: () => fail("aborted", "the caller's signal ended the wait for a token"),
      expired: () => fail("invalid_response", "the token had expired by the time it arrived"),
      deadlineMs: http.timeoutMs,
      inBackground: waitUntil ?? (endsWorkWithRequest() ? undefined : () => undefined),
    });
    sources.set(name, source);
  }

  const authorisedFetch = createAuthorisedFetches(vendor, settings, createAuthorisers(vendor, settings, sources));
  const refreshes = exchanges.map(({ exchange }) => vendor.operations[exchange.refresh ?? ""]);
  const fetchOf = (target: Omit<Target, "replays"> = vendor, send?: typeof fetch) =>
    // A refresh is a raw call: no other token is obtained for it.
    authorisedFetch({ ...target, replays: !refreshes.includes(target as OperationDescription) }, send);
  const send = withAttemptTimeout(settings.fetch, http.attemptTimeoutMs);
  for (const [operationId, operation] of Object.entries(vendor.operations)) {
    const isExchange = exchanges.some(({ exchange }) => exchange.operationId === operationId);
    const fetch = fetchOf(operation, send);
    calls.set(operationId, { vendor, operationId, baseUrl, fetch, send, secrets, isExchange, http, clock, emit });
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

/** Cloudflare's workers cancel what a request began once it is answered, unless it was handed to `waitUntil`. */
function endsWorkWithRequest(): boolean {
  return globalThis.navigator?.userAgent === "Cloudflare-Workers";
}
