import { base64 } from "./authorise.ts";
import { isHeaderSafe } from "./checks.ts";
import type { Clock } from "./clock.ts";
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
  /** The input of a refresh, where the vendor issues refresh tokens. */
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

/** How long a store may take; a request would have been faster. */
export const STORE_MS = 1000;
/** How long a store that took longer is left alone. */
const BYPASS_MS = 30_000;
/** How long a new token waits for being stored before it is handed out. */
const WRITE_WAIT_MS = 50;
/** How far the clock of the process that stored a token may be ahead. */
const SKEW_MS = 60_000;

/** A scheme's token in a store; whatever goes wrong there is as if it held nothing. */
export interface SchemeStore {
  /** The token, unless it is something else, `spent`, about to expire, or from the future. */
  get(spent: string | undefined): Promise<IssuedToken | undefined>;
  /** Waits 50 ms at the most; the write goes on in the background. */
  set(token: StoredToken): Promise<unknown>;
  /** Another process may have stored a newer one meanwhile, which stays. */
  delete(accessToken: string): unknown;
}

/** The tokens of a client in its store; all schemes know of a store that hangs. */
export function createStores(settings: Settings): (scheme: string) => SchemeStore {
  const { store, clock, waitUntil, writes } = settings;
  let bypassedUntil = Number.NEGATIVE_INFINITY;

  /** Runs what uses the store, the reading of its answers included. */
  async function tolerate<T>(work: (store: TokenStore) => Promise<T>): Promise<T | undefined> {
    let used: AbortSignal | undefined;
    try {
      if (!store || clock.monotonic() < bypassedUntil) return undefined;
      const run = async (signal: AbortSignal) => {
        used = signal;
        return work(store);
      };
      return await within(run, undefined, STORE_MS);
    } catch {
      if (used?.aborted) bypassedUntil = clock.monotonic() + BYPASS_MS;
      return undefined;
    }
  }

  return (scheme) => {
    let key: Promise<string> | undefined;
    let last: Promise<unknown> = Promise.resolve();
    const nameOf = () => {
      key ??= keyOf(settings, scheme);
      return key;
    };

    /** Writes follow one another, so that a slow one never undoes a later one. */
    function write(work: (store: TokenStore, name: string) => Promise<unknown>): Promise<unknown> {
      if (!store) return last;
      const previous = last;
      const own = within(() => previous, undefined, STORE_MS)
        .catch(() => undefined)
        .then(() => tolerate(async (at) => work(at, await nameOf())))
        // A user's clock that throws is reported where a token is obtained.
        .catch(() => undefined)
        .finally(() => writes.delete(own));
      writes.add(own);
      waitUntil?.(own);
      last = own;
      return own;
    }

    return {
      get: (spent) =>
        tolerate(async (at) => {
          const [stored] = await answerOf(at.get(await nameOf()));
          return readStored(stored, spent, clock);
        }),
      set: (token) => {
        const written = write((at, name) => answerOf(at.set(name, token)));
        return within(() => written, undefined, WRITE_WAIT_MS).catch(() => undefined);
      },
      delete: (accessToken) =>
        write(async (at, name) => {
          const [stored] = await answerOf(at.get(name));
          if (stored?.accessToken === accessToken) await answerOf(at.delete(name));
        }),
    };
  };
}

async function keyOf({ vendor, baseUrl, credentials }: Settings, scheme: string): Promise<string> {
  const open = Object.entries(credentials).filter(([name]) => !vendor.credentials[name]?.secret);
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(JSON.stringify(credentials)));
  return JSON.stringify([vendor.package, scheme, baseUrl, open, base64(new Uint8Array(digest))]);
}

/** Asks a thenable once: one that comes to itself would keep `await` busy for ever, and no timer would run. */
function answerOf<T>(answer: T | PromiseLike<T>): Promise<readonly [T]> {
  return new Promise((resolve, reject) => {
    const { then } = Object(answer) as Partial<PromiseLike<T>>;
    if (typeof then === "function") then.call(answer, (value) => resolve([value]), reject);
    else resolve([answer as T]);
  });
}

function readStored(stored: unknown, spent: string | undefined, clock: Clock): IssuedToken | undefined {
  const { accessToken, issuedAt, expiresAt, more } = Object(stored) as Partial<StoredToken>;
  const now = clock.now();
  const ageMs = Math.max(0, now - Number(issuedAt));
  const lifetimeMs = (expiresAt === null ? Number.POSITIVE_INFINITY : Number(expiresAt)) - Number(issuedAt);
  const isUsable =
    isHeaderSafe(accessToken) &&
    accessToken !== spent &&
    Number.isFinite(issuedAt) &&
    (expiresAt === null || Number.isFinite(expiresAt)) &&
    Number(issuedAt) <= now + SKEW_MS &&
    ageMs < lifetimeMs * 0.95;
  if (!isUsable) return undefined;
  // A token whose writer's clock is ahead lives no longer than its lifetime from now.
  return { accessToken, lifetimeMs, issuedAt: now - ageMs, startedAt: clock.monotonic() - ageMs, more };
}
