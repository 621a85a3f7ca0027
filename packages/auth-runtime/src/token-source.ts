import { checkNames } from "./checks.ts";
import { type Clock, elapsedMs, type Moment } from "./clock.ts";
import { type Fail, isVendorError, safeCopy } from "./errors.ts";
import type { EmitEvent } from "./events.ts";
import { ABORTED, within } from "./http.ts";
import type { Redact } from "./redact.ts";

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
export interface IssuedToken extends Moment {
  readonly accessToken: string;
  /** `Infinity` where the vendor states none: the token is kept until it is refused. */
  readonly lifetimeMs: number;
  /** The part of the answer that the next refresh takes; secret. */
  readonly more?: RefreshInput | undefined;
}

/** A token that may be refreshed, and what that takes. */
export type CurrentToken = Pick<IssuedToken, "more"> & { readonly token: Token };

/** Values by the name of the refresh operation's input. */
export type RefreshInput = Readonly<Record<string, string>>;

export interface TokenSourceParts {
  readonly clock: Clock;
  /** Obtains a token: by refreshing `current`, where there is one still valid; never `spent`, which was held already. */
  obtain(signal: AbortSignal, current: CurrentToken | undefined, spent: string | undefined): Promise<IssuedToken>;
  /** For how long an error keeps further requests from being made; 0 for most. */
  holdOffMs(error: unknown): number;
  readonly fail: Fail;
  /** Cleans what a caller gives as the reason of its abort. Default: nothing is known to be secret. */
  readonly redact?: Redact;
  /** Told of every token that is invalidated. */
  forget(accessToken: string): unknown;
  readonly emit: EmitEvent;
  /** A request that takes longer died with what it belonged to, and is replaced. */
  readonly deadlineMs: number;
  /** Runs a background refresh; `undefined` where the runtime would end it with the request that began it. */
  readonly inBackground: ((work: Promise<unknown>) => void) | undefined;
  random?(): number;
}

interface Cached extends IssuedToken {
  readonly token: Token;
  readonly windowMs: number;
  readonly marginMs: number;
}

/** When each token was received, by the monotonic clock of its source. */
const receivedAt = new WeakMap<Token, number>();

/** When a token was received, by the monotonic clock of its source; `undefined` for a token of another origin. */
export function receivedAtOf(token: Token): number | undefined {
  return receivedAt.get(token);
}

/** Told apart by the member, because a user's function may reject with `undefined`. */
type Outcome = { readonly token: Token } | { readonly error: unknown };

interface Flight {
  /** It never rejects: a rejection is the runtime's, which ended the request that this belonged to. */
  readonly outcome: Promise<Outcome>;
  readonly startedAt: number;
  readonly controller: AbortController;
  waiters: number;
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
 * | credentials refused under 30 s ago | the same error, at once, unless the cached token is valid | none, unless `force` |
 * | 429 of the exchange with `Retry-After`, up to 60 s | the same | none before that instant, unless `force` |
 *
 * A caller's signal ends that caller's wait; the request dies only with the last who waits. No timer outlives a call.
 */
export function createTokenSource(parts: TokenSourceParts): TokenSource {
  const {
    clock,
    emit,
    fail,
    obtain,
    deadlineMs,
    inBackground,
    random = Math.random,
    redact = (value) => value,
  } = parts;
  let cached: Cached | undefined;
  let flight: Flight | undefined;
  let held: { error: unknown; until: number } | undefined;
  let forgotten: string | undefined;
  let failures = 0;
  let notBefore = 0;

  /** By whichever clock says less. */
  const remainingMs = (entry: Cached) => entry.lifetimeMs - elapsedMs(clock, entry);
  const isHeld = () => held !== undefined && clock.monotonic() < held.until;
  const aborted = ({ reason }: AbortSignal) => fail(ABORTED, "aborted", { shown: safeCopy(reason, redact) });
  /** One that is on its way, unless it has taken so long that it is dead. */
  const current = () => (flight && clock.monotonic() - flight.startedAt <= deadlineMs ? flight : undefined);

  function start(canRefresh: boolean): Flight {
    const controller = new AbortController();
    const refreshed = canRefresh && cached && remainingMs(cached) > 0 ? cached : undefined;
    const own: Flight = {
      startedAt: clock.monotonic(),
      waiters: 0,
      controller,
      outcome: obtain(controller.signal, refreshed, cached?.accessToken ?? forgotten)
        .then((issued) => {
          const entry = entryOf(issued, random);
          if (remainingMs(entry) <= 0) throw fail(expiredOnArrival(entry.lifetimeMs), "invalid_response");
          // One of the store was received when it was issued.
          const isIssuedNow = issued.startedAt >= own.startedAt;
          receivedAt.set(entry.token, isIssuedNow ? clock.monotonic() : issued.startedAt);
          // A superseded request still resolves its own waiters, but its token is not cached.
          if (flight === own) {
            cached = entry;
            flight = held = undefined;
            failures = notBefore = 0;
          }
          return { token: entry.token };
        })
        .catch((error: unknown): Outcome => {
          if (flight === own) {
            flight = undefined;
            held = { error, until: clock.monotonic() + parts.holdOffMs(error) };
          }
          return { error };
        })
        // A user's clock that throws.
        .catch((error: unknown) => ({ error })),
    };
    flight = own;
    return own;
  }

  function refreshInBackground(entry: Cached): void {
    if (!inBackground) return;
    if (!current()) {
      const started = start(true);
      // The cache waits too, so that no caller who leaves ends it.
      started.waiters++;
      inBackground(started.outcome.then((outcome) => reportFailure(outcome, started)).catch(() => undefined));
    }
    emit({ type: "token.served_while_refreshing", remainingMs: remainingMs(entry) });
  }

  function reportFailure(outcome: Outcome, { startedAt }: Flight): void {
    if (!("error" in outcome)) return;
    const retryInMs = Math.min(30_000, 1000 * 2 ** failures++);
    notBefore = clock.monotonic() + retryInMs;
    const durationMs = clock.monotonic() - startedAt;
    emit({ type: "token.refresh_failed", code: codeOf(outcome.error), durationMs, retryInMs });
  }

  /** Waits for a flight as one of its waiters; the last to leave ends it. */
  async function waitFor(awaited: Flight, signal: AbortSignal | undefined): Promise<Token> {
    awaited.waiters++;
    const outcome = await within(() => awaited.outcome, signal, deadlineMs).catch(() => undefined);
    awaited.waiters--;
    if (outcome && "token" in outcome) return outcome.token;
    if (outcome) throw outcome.error;
    if (!signal?.aborted || awaited.waiters === 0) end(awaited);
    if (signal?.aborted) throw aborted(signal);
    return waitFor(flight ?? start(false), signal);
  }

  function end(ended: Flight): void {
    if (flight === ended) flight = undefined;
    ended.controller.abort();
  }

  return {
    async getToken(options = {}) {
      const { signal, force } = checkNames(options, ["signal", "force"], fail) as GetTokenOptions;
      if (signal?.aborted) throw aborted(signal);
      if (cached && !force) {
        const { token, windowMs, marginMs } = cached;
        const remaining = remainingMs(cached);
        if (remaining > marginMs) {
          if (remaining <= windowMs && clock.monotonic() >= notBefore && !isHeld()) refreshInBackground(cached);
          return token;
        }
      }
      if (held && !force && isHeld()) throw held.error;
      return waitFor(current() ?? start(!force), signal);
    },
    invalidate(token) {
      const accessToken = typeof token === "string" ? token : token?.accessToken;
      if (cached?.accessToken !== accessToken) return;
      forgotten = accessToken;
      parts.forget(accessToken);
      cached = flight = undefined;
      emit({ type: "token.invalidated" });
    },
  };
}

/** When a token expires, in milliseconds since the epoch, or `null`. */
export function expiresAtOf({ issuedAt, lifetimeMs }: IssuedToken): number | null {
  return Number.isFinite(lifetimeMs) ? issuedAt + lifetimeMs : null;
}

/** The message for a token that had expired when it arrived. */
export function expiredOnArrival(lifetimeMs: number): string {
  const lifetimeS = Math.round(lifetimeMs) / 1000;
  return `the token had expired when it arrived; its lifetime is ${lifetimeS} s by this machine's clock, so check that clock`;
}

/** The code of an error for an event; a user's function may reject with anything. */
export function codeOf(error: unknown): string {
  return isVendorError(error) ? error.code : "network_error";
}

/** The window stays under half of the lifetime, whatever the jitter. */
function entryOf(issued: IssuedToken, random: () => number): Cached {
  const { accessToken, lifetimeMs } = issued;
  return {
    ...issued,
    token: Object.freeze({ accessToken, expiresAt: expiresAtOf(issued) }),
    windowMs: Math.min(300_000, lifetimeMs * 0.2) + random() * Math.min(300_000, lifetimeMs * 0.1),
    marginMs: Math.min(10_000, lifetimeMs * 0.05),
  };
}
