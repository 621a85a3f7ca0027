import { attachTo } from "./authorise.ts";
import { isVendorError, VendorError } from "./errors.ts";
import { describePaths, readIssuedToken } from "./issued-token.ts";
import { type Call, callOperation } from "./operation.ts";
import type { Settings } from "./options.ts";
import { checkStored, storeKey } from "./store.ts";
import { expiresAtOf, type IssuedToken, type Token, type TokenSourceParts } from "./token-source.ts";
import type { OperationDescription, Scheme, TokenExchange, Vendor } from "./vendor.ts";

const REFUSED_MS = 30_000;
const MAX_HOLD_MS = 60_000;

/** Refused credentials stay refused for a while; a vendor's request to wait is honoured, as far as nobody is locked out by it. */
export function holdOffMs(error: unknown): number {
  if (!isVendorError(error)) return 0;
  if (error.code === "invalid_credentials") return REFUSED_MS;
  return error.code === "rate_limited" ? Math.min(error.retryAfterMs ?? 0, MAX_HOLD_MS) : 0;
}

/** How a scheme's token is obtained: from the store, by refreshing the current one, or by an exchange of the credentials. */
export function createExchange(
  vendor: Vendor,
  settings: Settings,
  scheme: string,
  exchange: TokenExchange,
  calls: ReadonlyMap<string, Call>,
  remember: (accessToken: string) => void,
): Pick<TokenSourceParts, "obtain" | "forget"> {
  const { clock, emit, store, credentials } = settings;
  const { input: locations = {}, fixed = {} } = vendor.operations[exchange.operationId] as OperationDescription;
  const asked = Object.keys(locations).filter((name) => !Object.hasOwn(fixed, name));
  const input = Object.fromEntries(asked.map((name) => [name, credentials[name]]));
  let key: Promise<string> | undefined;
  const keyOf = () => (key ??= storeKey(vendor, settings, scheme));

  async function call(operationId: string, own: object, signal: AbortSignal, current?: Token): Promise<IssuedToken> {
    const issuedAt = clock.now();
    const startedAt = clock.monotonic();
    const known = calls.get(operationId) as Call;
    const carrier = vendor.schemes[scheme] as Scheme;
    // Attached by hand: the source is waiting for this very call.
    const fetch = current
      ? attachTo(vendor, carrier, (carrier.prefix ?? "") + current.accessToken, known.send)
      : known.fetch;
    const { data, headers } = await callOperation({ ...known, fetch }, own, { signal });
    const read = readIssuedToken(exchange, data, headers, issuedAt);
    if (read) return { ...read, issuedAt, startedAt };
    const where = describePaths(exchange.token);
    const message = `${operationId}: no valid token at ${where} of the answer`;
    throw new VendorError(vendor.package, "invalid_response", message, { operationId });
  }

  /** A token that is still valid may be refreshed; one that is refused is not worth more than the credentials. */
  async function refresh(signal: AbortSignal, current: Token | undefined): Promise<IssuedToken | undefined> {
    if (!current || exchange.refresh === undefined) return undefined;
    return call(exchange.refresh, {}, signal, current).catch((error: unknown) => {
      const status = isVendorError(error) ? error.httpStatus : undefined;
      if (status === 400 || status === 401) return undefined;
      throw error;
    });
  }

  /** Anything wrong with a store is as if it held nothing. */
  async function fromStore(spent: string | undefined): Promise<IssuedToken | undefined> {
    try {
      const stored = checkStored(await store?.get(await keyOf()));
      if (!stored || stored.accessToken === spent) return undefined;
      const { accessToken, issuedAt, expiresAt } = stored;
      const ageMs = Math.max(0, clock.now() - issuedAt);
      const lifetimeMs = expiresAt === null ? null : expiresAt - issuedAt;
      if (lifetimeMs !== null && lifetimeMs - ageMs <= lifetimeMs * 0.05) return undefined;
      return { accessToken, lifetimeMs, issuedAt, startedAt: clock.monotonic() - ageMs };
    } catch {
      return undefined;
    }
  }

  async function toStore(issued: IssuedToken): Promise<void> {
    const { accessToken, issuedAt } = issued;
    try {
      await store?.set(await keyOf(), { accessToken, issuedAt, expiresAt: expiresAtOf(issued) });
    } catch {
      // The token is as good without it.
    }
  }

  return {
    async obtain(signal, current, spent) {
      const startedAt = clock.monotonic();
      const stored = current ? undefined : await fromStore(spent);
      const refreshed = stored ? undefined : await refresh(signal, current);
      const issued = stored ?? refreshed ?? (await call(exchange.operationId, input, signal));
      remember(issued.accessToken);
      if (!stored) await toStore(issued);
      const by = stored ? "store" : refreshed ? "refresh" : "exchange";
      emit({ type: "token.issued", by, durationMs: clock.monotonic() - startedAt, expiresAt: expiresAtOf(issued) });
      return issued;
    },
    forget(accessToken) {
      const drop = async () => {
        const name = await keyOf();
        const stored = await store?.get(name);
        // Another process may have stored a newer one meanwhile.
        if (stored?.accessToken === accessToken) await store?.delete(name);
      };
      if (store) drop().catch(() => undefined);
    },
  };
}
