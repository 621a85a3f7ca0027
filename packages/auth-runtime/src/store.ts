import { base64 } from "./authorise.ts";
import { isHeaderSafe } from "./checks.ts";
import { within } from "./http.ts";
import type { Settings } from "./options.ts";
import type { IssuedToken, RefreshInput } from "./token-source.ts";

/** A token as a store keeps it; both times in milliseconds since the epoch. */
export interface StoredToken {
  readonly accessToken: string;
  /** When it was issued, by the wall clock of whoever obtained it. */
  readonly issuedAt: number;
  /** When it expires; `null` where the vendor states no lifetime. */
  readonly expiresAt: number | null;
  /** What a refresh of it takes, where the vendor issues refresh tokens. */
  readonly more?: RefreshInput | undefined;
}

/**
 * Shares tokens between processes. A store that fails costs a request and nothing else; a token it holds is a secret.
 * Keys name package, scheme, origin and every credential, the secret ones as a digest, so no tenant is served another's token.
 */
export interface TokenStore {
  get(key: string): Promise<StoredToken | undefined> | StoredToken | undefined;
  set(key: string, token: StoredToken): Promise<void> | void;
  delete(key: string): Promise<void> | void;
}

/** How long a store may take; it is slower than a request then. */
const STORE_MS = 2000;

/** A scheme's token in a store; whatever goes wrong there is as if it held nothing. */
export function storeOf({ vendor, baseUrl, credentials, store, clock }: Settings, scheme: string) {
  let key: Promise<string> | undefined;

  async function keyOf(): Promise<string> {
    const open = Object.entries(credentials).filter(([name]) => !vendor.credentials[name]?.secret);
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(JSON.stringify(credentials)));
    return JSON.stringify([vendor.package, scheme, baseUrl, open, base64(new Uint8Array(digest))]);
  }

  async function tolerate<T>(work: (store: TokenStore, key: string) => T) {
    if (!store) return undefined;
    key ??= keyOf();
    const answer = key.then(async (name) => work(store, name));
    return within(() => answer, undefined, STORE_MS).catch(() => undefined);
  }

  return {
    /** The token, unless it is something else, `spent`, or about to expire. */
    async get(spent: string | undefined): Promise<IssuedToken | undefined> {
      const stored = await tolerate((at, name) => at.get(name));
      const { accessToken, issuedAt = Number.NaN, expiresAt, more } = Object(stored) as Partial<StoredToken>;
      const ageMs = Math.max(0, clock.now() - issuedAt);
      const lifetimeMs = (expiresAt === null ? Number.POSITIVE_INFINITY : Number(expiresAt)) - issuedAt;
      return isHeaderSafe(accessToken) &&
        Number.isFinite(issuedAt) &&
        accessToken !== spent &&
        ageMs < lifetimeMs * 0.95
        ? { accessToken, lifetimeMs, issuedAt, startedAt: clock.monotonic() - ageMs, more }
        : undefined;
    },
    set: (token: StoredToken) => tolerate((at, name) => at.set(name, token)),
    /** Another process may have stored a newer one meanwhile, which stays. */
    delete: (accessToken: string) =>
      tolerate(async (at, name) => (await at.get(name))?.accessToken === accessToken && at.delete(name)),
  };
}
