import type { Clock } from "./clock.ts";
import { pause } from "./http.ts";
import { receivedAtOf, type Token } from "./token-source.ts";

/** A token may be known to the server that issued it before it is known to all others. */
const SPREADING_MS = 2000;
/** How long a token is given to spread. */
const SPREADING_PAUSE_MS = 750;
/** For how long refusals count. */
const MEMORY_MS = 30_000;
const MAX_ROUTES = 1000;

/** Where a request goes. */
export interface Route {
  readonly origin: string;
  /** Its method, origin and path. */
  readonly name: string;
}

interface Refusal {
  readonly token: Token;
  readonly at: number;
  /** Until when another token would not help, because two were refused. */
  readonly settledUntil: number;
}

/** The time a token is given to spread. */
interface Pause {
  readonly until: number;
  /** The last request that was sent before it was over. */
  lastSending?: number;
}

/** The place that refuses every token. */
type Settled = "route" | "origin";

/**
 * Remembers which tokens were accepted and refused where, to judge a 401:
 *
 * | the 401 of | means | so |
 * |---|---|---|
 * | a token under 2 s old that was never accepted | it has not spread yet | the same token is sent once more, 750 ms later, once per token |
 * | a route that refused two different tokens within 30 s | the route refuses them all | it is returned |
 * | an origin where two replays within 30 s did not help | the origin refuses them all | it is returned, until a request is accepted or 30 s pass |
 * | any other | the token was revoked | the token is invalidated, and the request replayed with another |
 */
export function createRefusals(clock: Clock) {
  const accepted = new WeakSet<Token>();
  const replaced = new WeakSet<Token>();
  const pauses = new WeakMap<Token, Pause>();
  let sendings = 0;
  const routes = new Map<string, Refusal>();
  const origins = new Map<string, Refusal>();

  const record = (refusals: Map<string, Refusal>, name: string, token: Token) => {
    const last = refusals.get(name);
    const at = clock.monotonic();
    // A token from before the first refusal, such as one of a store, may have been revoked together with that.
    const isOlder = Number(receivedAtOf(token)) < Number(last?.at);
    const isSecond = last && last.token !== token && !isOlder && at - last.at < MEMORY_MS;
    // Set anew, so that the oldest stands first.
    refusals.delete(name);
    refusals.set(name, { token, at, settledUntil: isSecond ? at + MEMORY_MS : (last?.settledUntil ?? 0) });
    if (refusals.size > MAX_ROUTES) refusals.delete(String(refusals.keys().next().value));
  };
  const isSettled = (refusals: Map<string, Refusal>, name: string) =>
    Number(refusals.get(name)?.settledUntil) > clock.monotonic();

  return {
    /** Notes an answer other than a refusal. */
    accept(route: Route, token: Token): void {
      accepted.add(token);
      if (routes.size > 0) routes.delete(route.name);
      if (origins.size > 0) origins.delete(route.origin);
    },
    /** Whether another token was obtained in the place of this one: a late 401 of it says nothing about its route. */
    isReplaced: (token: Token) => replaced.has(token),
    /** Notes that a token is replaced, or that no other was to be had. */
    setReplaced(token: Token, isReplaced: boolean): void {
      if (isReplaced) replaced.add(token);
      else replaced.delete(token);
    },
    /** Notes a 401; returns why no other token is worth a try, `undefined` if one is. */
    refuse({ origin, name }: Route, token: Token): Settled | undefined {
      record(routes, name, token);
      if (isSettled(routes, name)) return "route";
      return isSettled(origins, origin) ? "origin" : undefined;
    },
    /** Notes that a token did not help that was obtained because another was refused. */
    failReplay({ origin, name }: Route, token: Token): void {
      record(routes, name, token);
      record(origins, origin, token);
    },
    /** Counts the sendings of requests, so that it is known which were before the end of a pause. */
    nextSending: () => ++sendings,
    /**
     * Waits until a new token that was refused may have spread: in one pause for all who sent it before the pause was over.
     * Returns `false` at once for a token that has spread, or had its pause, and where the pause would outlast the deadline;
     * rejects with the signal's reason.
     */
    async waitToSpread(
      token: Token,
      sending: number,
      signal: AbortSignal | undefined,
      deadline: number,
    ): Promise<boolean> {
      const now = clock.monotonic();
      const isNew = now - Number(receivedAtOf(token)) < SPREADING_MS && !accepted.has(token);
      const own = pauses.get(token) ?? (isNew && { until: now + SPREADING_PAUSE_MS });
      if (!own || sending > (own.lastSending ?? sendings) || own.until >= deadline) return false;
      pauses.set(token, own);
      if (own.lastSending === undefined) await pause(Math.max(0, own.until - now), signal);
      own.lastSending ??= sendings;
      return true;
    },
  };
}
