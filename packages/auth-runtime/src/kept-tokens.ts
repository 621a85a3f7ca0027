import { type Clock, SYSTEM_CLOCK } from "./clock.ts";
import { failOf } from "./errors.ts";
import { endsWorkWithRequest } from "./exchange.ts";
import { DEFAULT_HTTP } from "./http.ts";
import { createTokenSource, type Token, type TokenSource } from "./token-source.ts";

/**
 * Keeps the tokens a function issues as those of an exchange are kept: one for all callers, renewed ahead of expiry.
 *
 * @param issue is given the wall clock's time in milliseconds since the epoch, from which a lifetime counts.
 * @throws what `issue` rejects with, to all who wait for its token.
 */
export function keepTokens(
  packageName: string,
  issue: (now: number) => Promise<Token>,
  clock: Clock = SYSTEM_CLOCK,
): TokenSource {
  const nothing = () => undefined;
  return createTokenSource({
    clock,
    fail: failOf(packageName),
    async obtain() {
      const [issuedAt, startedAt] = [clock.now(), clock.monotonic()];
      const { accessToken, expiresAt } = await issue(issuedAt);
      const lifetimeMs = (expiresAt ?? Number.POSITIVE_INFINITY) - issuedAt;
      return { accessToken, lifetimeMs, issuedAt, startedAt };
    },
    holdOffMs: () => 0,
    forget: nothing,
    emit: nothing,
    deadlineMs: DEFAULT_HTTP.timeoutMs,
    inBackground: endsWorkWithRequest() ? undefined : nothing,
  });
}
