import { isHeaderSafe } from "./http.ts";
import type { Settings } from "./options.ts";
import type { Vendor } from "./vendor.ts";

/** A token as a store keeps it; both times in milliseconds since the epoch. */
export interface StoredToken {
  readonly accessToken: string;
  /** When it was issued, by the wall clock of whoever obtained it. */
  readonly issuedAt: number;
  /** When it expires; `null` where the vendor states no lifetime. */
  readonly expiresAt: number | null;
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

/** The key of a scheme's token. */
export async function storeKey(vendor: Vendor, { baseUrl, credentials }: Settings, scheme: string): Promise<string> {
  const isSecret = (name: string) => vendor.credentials[name]?.secret === true;
  const entries = Object.entries(credentials).sort();
  const open = entries.filter(([name]) => !isSecret(name));
  const secret = new TextEncoder().encode(JSON.stringify(entries.filter(([name]) => isSecret(name))));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", secret));
  return JSON.stringify([
    vendor.package,
    scheme,
    baseUrl,
    open,
    [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join(""),
  ]);
}

/** What a store gave, if it is a token at all and a header can carry it. */
export function checkStored(stored: unknown): StoredToken | undefined {
  const { accessToken, issuedAt, expiresAt } = (stored ?? {}) as Record<string, unknown>;
  const isTime = Number.isFinite(issuedAt) && (expiresAt === null || Number.isFinite(expiresAt));
  return isHeaderSafe(accessToken) && isTime ? (stored as StoredToken) : undefined;
}
