import type { Clock } from "./clock.ts";
import { isVendorError } from "./errors.ts";
import type { EmitEvent } from "./events.ts";
import { checkSignal, MAX_TIMER_MS } from "./http.ts";

/** A token and when it expires, in milliseconds since the epoch; `null` where nobody says. */
export interface Token {
  readonly accessToken: string;
  readonly expiresAt: number | null;
}

export interface GetTokenOptions {
  /** Ends this caller's wait with `aborted`; other callers still get the token. */
  signal?: AbortSignal | undefined;
  /** Obtain a new token even though the cached one is valid, or the credentials were just refused. */
  force?: boolean | undefined;
}

/** Obtains tokens and keeps the current one. */
export interface TokenSource {
  /**
   * The cached token while it is valid, or else a new one; however many callers wait, one request is made.
   *
   * @returns the token and its expiry in milliseconds since the epoch, `null` where the vendor states none.
   * @throws `aborted` for a caller whose signal ends its wait, and the errors of the exchange for all who waited for it.
   */
  getToken(options?: GetTokenOptions): Promise<Token>;
  /** Forgets this token, so that the next call obtains another; a newer one stays. */
  invalidate(token: Token | string): void;
}

/** A token as it was issued. */
export interface IssuedToken {
  readonly accessToken: string;
  /** `null` where the vendor states none: the token is kept until it is refused. */
  readonly lifetimeMs: number | null;
  /** Both clocks just before the request was sent, from where the lifetime counts. */
  readonly issuedAt: number;
  readonly startedAt: number;
}

export interface TokenSourceParts {
  readonly clock: Clock;
  /** Obtains a token: by refreshing `current`, where there is one still valid; never `spent`, which was held already. */
  obtain(signal: AbortSignal, current: Token | undefined, spent: string | undefined): Promise<IssuedToken>;
  /** For how long an error keeps further requests from being made; 0 for most. */
  holdOffMs(error: unknown): number;
  refuse(message: string): Error;
  aborted(): Error;
  /** A token that had expired by the time it arrived. */
  expired(): Error;
  /** Told of every token that is invalidated. */
  forget(accessToken: string): void;
  readonly emit: EmitEvent;
  /** A request that takes longer died with what it belonged to, and is replaced. */
  readonly deadlineMs: number;
  /** Runs a background refresh; `undefined` where the runtime would end it with the request that began it. */
  readonly inBackground: ((work: Promise<unknown>) => void) | undefined;
  random?(): number;
}

interface Cached {
  readonly token: Token;
  readonly issued: IssuedToken;
  readonly windowMs: number;
  readonly marginMs: number;
}

interface Flight {
  readonly promise: Promise<Token>;
  readonly startedAt: number;
  abort(): void;
  waiters: number;
  isSettled: boolean;
}

/**
 * When a request is made, with L the lifetime, the window W = min(300 s, 20 % of L) + up to min(300 s, 10 % of L) of jitter,
 * and the margin M = min(10 s, 5 % of L):
 *
 * | remaining | caller gets | request |
 * |---|---|---|
 * | > W | the cached token, at once | none |
 * | M to W | the cached token, at once | one in the background; a failure is reported and sets the next try 1, 2, 4 … 30 s ahead |
 * | ≤ M, or none | waits | one, shared by all who wait |
 * | after `invalidate` of the token | waits | one; an answer to an older request never enters the cache |
 * | credentials refused under 30 s ago | the same error, at once | none, unless `force` |
 * | 429 with `Retry-After`, up to 60 s | the same error, at once | none before that instant, unless `force` |
 *
 * A caller's signal ends that caller's wait; the request dies only with the last who waits. No timer outlives a call.
 */
export function createTokenSource(parts: TokenSourceParts): TokenSource {
  const { clock, emit, random = Math.random } = parts;
  let cached: Cached | undefined;
  let flight: Flight | undefined;
  let held: { error: unknown; until: number } | undefined;
  let forgotten: string | undefined;
  let failures = 0;
  let notBefore = 0;

  /** By whichever clock says less. */
  const remainingMs = ({ issued: { lifetimeMs, issuedAt, startedAt } }: Cached) =>
    lifetimeMs === null
      ? Number.POSITIVE_INFINITY
      : lifetimeMs - Math.max(clock.now() - issuedAt, clock.monotonic() - startedAt);
  const mustRefresh = (entry: Cached) => remainingMs(entry) <= entry.marginMs;
  const shouldRefresh = (entry: Cached) => remainingMs(entry) <= entry.windowMs && clock.monotonic() >= notBefore;
  const isDead = ({ startedAt }: Flight) => clock.monotonic() - startedAt > parts.deadlineMs;

  function start(canRefresh: boolean): Flight {
    const controller = new AbortController();
    const startedAt = clock.monotonic();
    const current = canRefresh && cached && remainingMs(cached) > 0 ? cached.token : undefined;
    const promise = parts.obtain(controller.signal, current, cached?.token.accessToken ?? forgotten).then(
      (issued) => {
        own.isSettled = true;
        const entry = entryOf(issued, random);
        if (remainingMs(entry) <= 0) throw parts.expired();
        // Invalidated or replaced meanwhile: who waited gets it, nobody else.
        if (flight === own) {
          cached = entry;
          flight = held = undefined;
          failures = notBefore = 0;
        }
        return entry.token;
      },
      (error: unknown) => {
        own.isSettled = true;
        if (flight === own) {
          flight = undefined;
          const holdMs = parts.holdOffMs(error);
          if (holdMs > 0) held = { error, until: clock.monotonic() + holdMs };
        }
        throw error;
      },
    );
    const own: Flight = { promise, startedAt, abort: () => controller.abort(), waiters: 0, isSettled: false };
    flight = own;
    return own;
  }

  function refreshInBackground(entry: Cached): void {
    if (!parts.inBackground) return;
    if (!flight || isDead(flight)) {
      const started = start(true);
      // The cache waits too, so that no caller who leaves ends it.
      started.waiters++;
      const work = started.promise.catch((error: unknown) => {
        const retryInMs = Math.min(30_000, 1000 * 2 ** failures++);
        notBefore = clock.monotonic() + retryInMs;
        const code = isVendorError(error) ? error.code : "unknown";
        emit({ type: "token.refresh_failed", code, durationMs: clock.monotonic() - started.startedAt, retryInMs });
      });
      parts.inBackground(work);
    }
    emit({ type: "token.served_while_refreshing", remainingMs: remainingMs(entry) });
  }

  /** Waits for a flight as one of its waiters; the last to leave ends it. */
  function waitFor(awaited: Flight, signal: AbortSignal | undefined): Promise<Token> {
    awaited.waiters++;
    return new Promise((resolve, reject) => {
      const leave = () => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", stop);
        awaited.waiters--;
      };
      const stop = () => {
        leave();
        if (awaited.waiters === 0) end(awaited);
        reject(parts.aborted());
      };
      // What the runtime ended with another request never settles: workerd says so by a rejection of its own.
      const replace = () => {
        leave();
        end(awaited);
        resolve(waitFor(flight ?? start(false), signal));
      };
      const timer = setTimeout(replace, Math.min(parts.deadlineMs, MAX_TIMER_MS));
      signal?.addEventListener("abort", stop, { once: true });
      awaited.promise.then(
        (token) => {
          leave();
          resolve(token);
        },
        (error: unknown) => {
          if (!awaited.isSettled) return replace();
          leave();
          reject(error);
        },
      );
    });
  }

  function end(ended: Flight): void {
    if (flight === ended) flight = undefined;
    ended.abort();
  }

  return {
    async getToken(options = {}) {
      if (typeof options !== "object" || options === null) throw parts.refuse("getToken takes { signal, force }");
      const { signal, force = false } = options;
      checkSignal(signal, parts.refuse);
      if (signal?.aborted) throw parts.aborted();
      if (!force && cached && !mustRefresh(cached)) {
        const { token } = cached;
        if (shouldRefresh(cached)) refreshInBackground(cached);
        return token;
      }
      if (!force && held && clock.monotonic() < held.until) throw held.error;
      return waitFor(flight && !isDead(flight) ? flight : start(!force), signal);
    },
    invalidate(token) {
      const accessToken = typeof token === "string" ? token : token?.accessToken;
      if (cached?.token.accessToken !== accessToken) return;
      forgotten = accessToken;
      parts.forget(accessToken);
      cached = flight = undefined;
      emit({ type: "token.invalidated" });
    },
  };
}

/** When a token expires, in milliseconds since the epoch, or `null`. */
export function expiresAtOf({ issuedAt, lifetimeMs }: IssuedToken): number | null {
  return lifetimeMs === null ? null : issuedAt + lifetimeMs;
}

/** The window stays under half of the lifetime, whatever the jitter. */
function entryOf(issued: IssuedToken, random: () => number): Cached {
  const { accessToken, lifetimeMs } = issued;
  const lifetime = lifetimeMs ?? Number.POSITIVE_INFINITY;
  const windowMs = Math.min(300_000, lifetime * 0.2) + random() * Math.min(300_000, lifetime * 0.1);
  const expiresAt = expiresAtOf(issued);
  return {
    token: Object.freeze({ accessToken, expiresAt }),
    issued,
    windowMs,
    marginMs: Math.min(10_000, lifetime * 0.05),
  };
}
