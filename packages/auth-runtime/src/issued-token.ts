import { isHeaderSafe } from "./http.ts";
import type { IssuedToken } from "./token-source.ts";
import type { TokenExchange, ValuePath } from "./vendor.ts";

/** Ten years: whatever is stated beyond is no date a clock will reach. */
const MAX_LIFETIME_MS = 3650 * 86_400_000;

/** What an exchange's answer holds of a token; `undefined` if it holds none that a header could carry and that is still valid. */
export function readIssuedToken(
  exchange: TokenExchange,
  body: unknown,
  headers: Headers,
  requestedAt: number,
): Pick<IssuedToken, "accessToken" | "lifetimeMs"> | undefined {
  const read = (path: ValuePath) => valueAt(path, body, headers);
  const accessToken = exchange.token
    // A bare text body may end with a line break; inside JSON one would be part of the token.
    .map((path) => {
      const value = read(path);
      return typeof value === "string" && path.length === 1 ? value.trim() : value;
    })
    .find(isHeaderSafe);
  if (accessToken === undefined) return undefined;
  const { expiresIn, expiresAt, lifetimeMs: documented = null } = exchange;
  const stated =
    expiresIn === "jwt"
      ? jwtLifetimeMs(accessToken, requestedAt)
      : expiresIn
        ? secondsToMs(read(expiresIn))
        : expiresAt && untilMs(read(expiresAt), requestedAt);
  if (stated !== undefined && stated <= 0) return undefined;
  const lifetimeMs = stated ?? documented;
  return { accessToken, lifetimeMs: lifetimeMs === null ? null : Math.min(lifetimeMs, MAX_LIFETIME_MS) };
}

/** Where a token was looked for, as the spec writes it. */
export function describePaths(paths: readonly ValuePath[]): string {
  return paths
    .map(([from, ...keys]) =>
      from === "header" ? `$response.header.${keys[0]}` : `$response.body${["#", ...keys].join("/")}`,
    )
    .map((text) => text.replace(/#$/, ""))
    .join(" or ");
}

function valueAt([from, ...keys]: ValuePath, body: unknown, headers: Headers): unknown {
  if (from === "header") return headers.get(keys[0] ?? "") ?? undefined;
  return keys.reduce<unknown>(
    (at, key) =>
      typeof at === "object" && at !== null && Object.hasOwn(at, key)
        ? (at as Record<string, unknown>)[key]
        : undefined,
    body,
  );
}

/** A number, or a string that is one; anything else is no answer to the question. */
function numberOf(value: unknown): number | undefined {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

function secondsToMs(value: unknown): number | undefined {
  const seconds = numberOf(value);
  return seconds !== undefined && seconds > 0 ? seconds * 1000 : undefined;
}

/** From 10^12 on an epoch is in milliseconds: in seconds that would be the year 33658. */
function untilMs(value: unknown, requestedAt: number): number | undefined {
  const epoch = numberOf(value);
  const expiresAt = epoch === undefined ? Date.parse(String(value)) : epoch < 1e12 ? epoch * 1000 : epoch;
  return expiresAt > requestedAt ? expiresAt - requestedAt : undefined;
}

/** RFC 7519 section 4.1: `exp` and `iat` in seconds. An `iat` near now tells the vendor's clock, so skew cancels out. */
function jwtLifetimeMs(token: string, requestedAt: number): number | undefined {
  const { exp, iat } = jwtClaims(token);
  if (exp === undefined) return undefined;
  const isFresh = iat !== undefined && Math.abs(iat * 1000 - requestedAt) <= 5 * 60_000;
  const issuedAt = isFresh ? Math.max(iat * 1000, requestedAt) : requestedAt;
  return exp * 1000 - issuedAt;
}

function jwtClaims(token: string): { exp?: number | undefined; iat?: number | undefined } {
  try {
    const payload = atob((token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/"));
    const claims = JSON.parse(payload) as { exp?: unknown; iat?: unknown } | null;
    return { exp: numberOf(claims?.exp), iat: numberOf(claims?.iat) };
  } catch {
    return {};
  }
}
