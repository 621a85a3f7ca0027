import { checkMethods, isHeaderSafe } from "./checks.ts";
import { type Clock, checkClock, momentOf } from "./clock.ts";
import { failOf } from "./errors.ts";
import { endsWorkWithRequest } from "./exchange.ts";
import { DEFAULT_HTTP } from "./http.ts";
import { createTokenSource, type IssuedToken, type Token, type TokenSource } from "./token-source.ts";

/**
 * Keeps the tokens a function issues as those of an exchange are kept: one for all callers, renewed ahead of expiry.
 *
 * @param issue is given the wall clock's time in milliseconds since the epoch, from which a lifetime counts.
 * @throws what `issue` rejects with, to all who wait for its token; `invalid_options` for a token or a clock's reading that is none,
 * `invalid_response` for a token that is issued expired.
 */
export function keepTokens(packageName: string, issue: (now: number) => Promise<Token>, clock?: Clock): TokenSource {
  const nothing = () => undefined;
  const fail = failOf(packageName);
  checkMethods(issue ?? null, "", "issue", fail);
  const checked = checkClock(clock, fail);

  async function obtain(): Promise<IssuedToken> {
    const requested = momentOf(checked);
    const { accessToken, expiresAt } = Object(await issue(requested.issuedAt)) as Partial<Token>;
    if (!isHeaderSafe(accessToken)) throw fail("an issued token needs an accessToken of characters a header can carry");
    const end: unknown = expiresAt ?? Number.POSITIVE_INFINITY;
    if (typeof end !== "number" || Number.isNaN(end))
      throw fail("an issued token needs an expiresAt in milliseconds since the epoch, or null");
    return { accessToken, lifetimeMs: end - requested.issuedAt, ...requested };
  }

  return createTokenSource({
    clock: checked,
    fail,
    obtain,
    holdOffMs: () => 0,
    forget: nothing,
    emit: nothing,
    deadlineMs: DEFAULT_HTTP.timeoutMs,
    inBackground: endsWorkWithRequest() ? undefined : nothing,
  });
}
