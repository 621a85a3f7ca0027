import type { AuthorisedFetch, Sources } from "./authorise.ts";
import type { VendorError } from "./errors.ts";
import { readIssuedToken } from "./issued-token.ts";
import { callOperation } from "./operation.ts";
import type { Settings } from "./options.ts";
import { storeOf } from "./store.ts";
import {
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
  const { vendor, http, waitUntil } = settings;
  const inBackground = waitUntil ?? (endsWorkWithRequest() ? undefined : () => undefined);
  const sources = new Map<string, TokenSource>();
  for (const [name, { exchange }] of Object.entries(vendor.schemes)) {
    if (!exchange) continue;
    const parts = createExchange(settings, name, exchange, fetchOf);
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
  fetchOf: FetchOf,
): Pick<TokenSourceParts, "obtain" | "forget" | "holdOffMs"> {
  const { vendor, clock, emit, credentials, fail, tokens } = settings;
  const { features } = vendor;
  const store = storeOf(settings, scheme);

  async function call(
    signal: AbortSignal,
    operationId: string,
    own: object | undefined,
    sources?: Sources,
  ): Promise<IssuedToken> {
    const { input: asked = {} } = vendor.operations[operationId] as OperationDescription;
    const known = Object.keys(asked).map((name) => [name, credentials[name]]);
    const input = { ...Object.fromEntries(known), ...own };
    const send = features.send ?? callOperation;
    const issuedAt = clock.now();
    const startedAt = clock.monotonic();
    const { data, headers, more } = await send(settings, operationId, fetchOf(operationId, sources), input, { signal });
    const read = readIssuedToken(vendor, exchange, data, headers, issuedAt);
    if (read) return { ...read, issuedAt, startedAt, more };
    const where = exchange.token.join(" or ");
    throw fail(`${operationId}: no valid token at ${where}`, "invalid_response", { operationId });
  }

  return {
    async obtain(signal, current, spent) {
      const startedAt = clock.monotonic();
      const stored = current ? undefined : await store.get(spent);
      const refreshed = stored
        ? undefined
        : await features.refresh?.(scheme, exchange, current, (...more) => call(signal, ...more));
      const issued = stored ?? refreshed ?? (await call(signal, exchange.operationId, exchange.fixed));
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
