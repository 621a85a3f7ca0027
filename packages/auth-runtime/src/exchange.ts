import type { AuthorisedFetch, Sources } from "./authorise.ts";
import { momentOf } from "./clock.ts";
import type { VendorError } from "./errors.ts";
import type { CallOptions } from "./http.ts";
import { issuedTokenOf } from "./issued-token.ts";
import { callOperation } from "./operation.ts";
import type { Settings } from "./options.ts";
import { createStores, type SchemeStore } from "./store.ts";
import {
  type CurrentToken,
  codeOf,
  createTokenSource,
  expiresAtOf,
  type IssuedToken,
  type TokenSource,
  type TokenSourceParts,
} from "./token-source.ts";
import type { OperationDescription, TokenExchange } from "./vendor.ts";

const REFUSED_MS = 30_000;
const MAX_HOLD_MS = 60_000;
/** An exchange ends by its own deadline and a store by its own; only what is later than both together is dead. */
const SPARE_MS = 5000;

/** The fetch of an operation; its tokens come from the client's sources unless others are named. */
type FetchOf = (operationId: string, sources?: Sources) => AuthorisedFetch;

/** Where the tokens of each scheme with an exchange come from. */
export function createTokenSources(settings: Settings, fetchOf: FetchOf): Map<string, TokenSource> {
  const { vendor, http, waitUntil, answerChecks } = settings;
  const inBackground = waitUntil ?? (endsWorkWithRequest() ? undefined : () => undefined);
  const sources = new Map<string, TokenSource>();
  const storeOf = createStores(settings);
  for (const [name, { exchange }] of Object.entries(vendor.schemes)) {
    if (!exchange) continue;
    const { operationId, refresh = operationId } = exchange;
    for (const id of [operationId, refresh])
      answerChecks.set(id, (...answer) => issuedTokenOf(settings, exchange, id, ...answer));
    const parts = createExchange(settings, name, exchange, storeOf(name), fetchOf);
    const deadlineMs = http.timeoutMs + SPARE_MS;
    sources.set(name, createTokenSource({ ...settings, ...parts, deadlineMs, inBackground }));
  }
  return sources;
}

/** Cloudflare's workers cancel what a request began once it is answered, unless it was handed to `waitUntil`. */
export function endsWorkWithRequest(): boolean {
  return globalThis.navigator?.userAgent === "Cloudflare-Workers";
}

/** How a scheme's token is obtained: from the store, by refreshing the current one, or by an exchange of the credentials. */
function createExchange(
  settings: Settings,
  scheme: string,
  exchange: TokenExchange,
  store: SchemeStore,
  fetchOf: FetchOf,
): Pick<TokenSourceParts, "obtain" | "forget" | "holdOffMs"> {
  const { vendor, clock, emit, credentials, fail, http, tokens } = settings;
  const { features } = vendor;
  const once = { ...settings, http: { ...http, attempts: 1 } };
  const refreshTimeoutMs = Math.min(http.attemptTimeoutMs, http.timeoutMs / 3);

  async function call(
    used: Settings,
    options: CallOptions,
    operationId: string,
    own: object | undefined,
    sources?: Sources,
  ): Promise<IssuedToken> {
    const { input: asked = {} } = vendor.operations[operationId] as OperationDescription;
    const known = Object.keys(asked).map((name) => [name, credentials[name]]);
    const input = { ...Object.fromEntries(known), ...own };
    const send = features.send ?? callOperation;
    const requested = momentOf(clock);
    const { data, headers, more } = await send(used, operationId, fetchOf(operationId, sources), input, options);
    return { ...issuedTokenOf(settings, exchange, operationId, data, headers, requested), more };
  }

  /**
   * A refresh is an optimisation: it is sent once, and takes a third of the time at the most. Whatever it fails with, it comes to
   * `undefined`, and an exchange follows; only the flight's own abort ends both.
   */
  async function tryRefresh(signal: AbortSignal, current: CurrentToken): Promise<IssuedToken | undefined> {
    const startedAt = clock.monotonic();
    const options = { signal, timeoutMs: refreshTimeoutMs };
    try {
      const refreshed = await features.refresh?.(scheme, exchange, current, (...more) => call(once, options, ...more));
      // The same token again may be about to expire, whatever lifetime is stated.
      if (refreshed?.accessToken === current.token.accessToken) throw fail("not renewed", "invalid_response");
      return refreshed;
    } catch (error) {
      if (signal.aborted) throw error;
      emit({ type: "token.refresh_fell_back", code: codeOf(error), durationMs: clock.monotonic() - startedAt });
      return undefined;
    }
  }

  return {
    async obtain(signal, current, spent) {
      const startedAt = clock.monotonic();
      const stored = current ? undefined : await store.get(spent);
      const refreshed = current && (await tryRefresh(signal, current));
      const leftMs = Math.max(0, http.timeoutMs - (clock.monotonic() - startedAt));
      const options = { signal, timeoutMs: current && leftMs };
      const issued = stored ?? refreshed ?? (await call(settings, options, exchange.operationId, exchange.fixed));
      const { accessToken, issuedAt, more } = issued;
      const expiresAt = expiresAtOf(issued);
      tokens.unshift(accessToken);
      tokens.pop();
      if (!stored) await store.set({ accessToken, issuedAt, expiresAt, more });
      const by = stored ? "store" : refreshed ? "refresh" : "exchange";
      emit({ type: "token.issued", by, durationMs: clock.monotonic() - startedAt, expiresAt });
      return issued;
    },
    forget: store.delete,
    /** A vendor's request to wait is honoured, as far as nobody is locked out by it. */
    holdOffMs(error) {
      const { code, retryAfterMs = 0 } = Object(error) as VendorError;
      if (code === "invalid_credentials") return REFUSED_MS;
      return code === "rate_limited" ? Math.min(retryAfterMs, MAX_HOLD_MS) : 0;
    },
  };
}
