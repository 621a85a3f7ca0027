import { checkSignal } from "./http.ts";

/** A token and when it expires, in milliseconds since the epoch; `null` where nobody says. */
export interface Token {
  readonly accessToken: string;
  readonly expiresAt: number | null;
}

export interface GetTokenOptions {
  /** Ends this caller's wait with `aborted`; other callers still get the token. */
  signal?: AbortSignal | undefined;
  /** Obtain a new token even though the cached one is valid. */
  force?: boolean | undefined;
}

/** Obtains tokens and keeps the current one. */
export interface TokenSource {
  /**
   * The cached token while it is valid, or else a new one; however many callers wait, one request is made.
   *
   * @returns the token and its expiry in milliseconds since the epoch, `null` where the vendor states none.
   * @throws the errors of the exchange operation, for every caller that waited for it; the next call starts over.
   */
  getToken(options?: GetTokenOptions): Promise<Token>;
  /** Forgets this token, so that the next call obtains another; a newer one stays. */
  invalidate(token: Token | string): void;
}

/** A token as it was issued. */
export interface IssuedToken {
  readonly accessToken: string;
  /** When the request for it was about to be sent; its lifetime counts from here. */
  readonly requestedAt: number;
  /** `null` where the vendor states none: the token is kept until it is refused. */
  readonly lifetimeMs: number | null;
}

/**
 * When a request is made:
 *
 * | the cached token | caller gets | request |
 * |---|---|---|
 * | is valid for more than the margin | it, at once | none |
 * | is not, or there is none | waits | one, shared by all who wait |
 * | was invalidated | waits | one; an answer to an older request never enters the cache |
 */
export function createTokenSource(
  exchange: () => Promise<IssuedToken>,
  aborted: (reason: unknown) => Error,
  refuse: (message: string) => Error,
  now: () => number = Date.now,
): TokenSource {
  let current: { token: Token; mustRefreshAt: number } | undefined;
  let pending: Promise<Token> | undefined;

  const start = (): Promise<Token> => {
    const request = exchange().then(
      (issued) => {
        const token = tokenOf(issued);
        if (pending === request) {
          current = { token, mustRefreshAt: mustRefreshAt(issued) };
          pending = undefined;
        }
        return token;
      },
      (error: unknown) => {
        if (pending === request) pending = undefined;
        throw error;
      },
    );
    pending = request;
    return request;
  };

  return {
    async getToken(options = {}) {
      if (typeof options !== "object" || options === null) throw refuse("getToken takes { signal, force }");
      const { signal, force = false } = options;
      checkSignal(signal, refuse);
      if (signal?.aborted) throw aborted(signal.reason);
      if (!force && current && now() < current.mustRefreshAt) return current.token;
      return waitFor(force ? start() : (pending ?? start()), signal, aborted);
    },
    invalidate(token) {
      const accessToken = typeof token === "string" ? token : token?.accessToken;
      if (current?.token.accessToken !== accessToken) return;
      current = undefined;
      pending = undefined;
    },
  };
}

/** A token is not handed out in its last moments, because the request it goes with takes time to arrive. */
function mustRefreshAt({ requestedAt, lifetimeMs }: IssuedToken): number {
  if (lifetimeMs === null) return Number.POSITIVE_INFINITY;
  return requestedAt + lifetimeMs - Math.min(10_000, lifetimeMs * 0.05);
}

function tokenOf({ accessToken, requestedAt, lifetimeMs }: IssuedToken): Token {
  return Object.freeze({ accessToken, expiresAt: lifetimeMs === null ? null : requestedAt + lifetimeMs });
}

function waitFor<T>(
  promise: Promise<T>,
  signal: AbortSignal | undefined,
  aborted: (reason: unknown) => Error,
): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const stop = () => reject(aborted(signal.reason));
    signal.addEventListener("abort", stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}
