import { isHeaderSafe, type Members } from "./checks.ts";
import { elapsedMs, type Moment, parseDate } from "./clock.ts";
import type { Settings } from "./options.ts";
import { expiredOnArrival, type IssuedToken } from "./token-source.ts";
import type { TokenExchange, ValuePath, Vendor } from "./vendor.ts";

/** Ten years: whatever is stated beyond is no date a clock will reach. */
const MAX_LIFETIME_MS = 3650 * 86_400_000;

/** The token an answer holds and its lifetime, or the reason why none can be used, which quotes nothing of the answer. */
export function readIssuedToken(
  { features }: Vendor,
  exchange: TokenExchange,
  body: unknown,
  headers: Headers,
  requestedAt: number,
): Pick<IssuedToken, "accessToken" | "lifetimeMs"> | string {
  const read: Read = (path) => features.outside?.(path, body, headers) ?? memberOf(body, path);
  const found = exchange.token.map(read);
  const accessToken = found.find(isHeaderSafe);
  if (accessToken === undefined) {
    const where = exchange.token.map((path) => path.join(".")).join(" or ");
    const isText = found.some((value) => value && typeof value === "string");
    return isText ? `the token at ${where} has characters no header can carry` : `no token at ${where}`;
  }
  const { lifetimeMs: documented = Number.POSITIVE_INFINITY } = exchange;
  const stated = features.lifetime?.(exchange, read, requestedAt, accessToken);
  const lifetimeMs = stated ?? documented;
  return lifetimeMs > 0 ? { accessToken, lifetimeMs } : expiredOnArrival(lifetimeMs);
}

/** The token an answer issues. Throws `invalid_response` where it holds none that can be used. */
export function issuedTokenOf(
  { vendor, clock, fail }: Pick<Settings, "vendor" | "clock" | "fail">,
  exchange: TokenExchange,
  operationId: string,
  body: unknown,
  headers: Headers,
  requested: Moment,
): IssuedToken {
  const read = readIssuedToken(vendor, exchange, body, headers, requested.issuedAt);
  if (typeof read !== "string" && read.lifetimeMs > elapsedMs(clock, requested)) return { ...read, ...requested };
  const why = typeof read === "string" ? read : expiredOnArrival(read.lifetimeMs);
  throw fail(`${operationId}: ${why}`, "invalid_response", { operationId });
}

type Read = (path: ValuePath) => unknown;

export function memberOf(body: unknown, [, ...keys]: ValuePath): unknown {
  return keys.reduce((at, key) => (Object.hasOwn(Object(at), key) ? (at as Members)[key] : undefined), body);
}

/** Reads what is outside the members of a body: a header, or the bare text, which may end with a line break. */
export function readOutside([from, name]: ValuePath, body: unknown, headers: Headers): unknown {
  if (from === "header") return headers.get(name) ?? undefined;
  return name === undefined && typeof body === "string" ? body.trim() : undefined;
}

/** A lifetime that is none, such as 0, states nothing. */
function statedMs(ms: number): number | undefined {
  return ms > 0 ? Math.min(ms, MAX_LIFETIME_MS) : undefined;
}

/** A finite number, or a string that is one; `NaN` for anything else. */
function numberOf(value: unknown): number {
  const number = typeof value === "string" && value ? Number(value) : value;
  return Number.isFinite(number) ? (number as number) : Number.NaN;
}

/** A lifetime stated as a number of seconds, or of another unit. */
export function secondsLifetimeMs({ expiresIn, unitMs = 1000 }: TokenExchange, read: Read): number | undefined {
  return expiresIn && statedMs(numberOf(read(expiresIn)) * unitMs);
}

/** A lifetime stated by a date or an epoch; from 10^12 on that is in milliseconds: in seconds it would be the year 33658. */
export function dateLifetimeMs({ expiresAt }: TokenExchange, read: Read, requestedAt: number): number | undefined {
  if (!expiresAt) return undefined;
  const value = read(expiresAt);
  const epoch = numberOf(value);
  if (Number.isNaN(epoch)) return typeof value === "string" ? statedMs(parseDate(value) - requestedAt) : undefined;
  return statedMs((epoch < 1e12 ? epoch * 1000 : epoch) - requestedAt);
}

/** For a vendor whose tokens state theirs in more than one of these ways. */
export function anyLifetimeMs(
  exchange: TokenExchange,
  read: Read,
  requestedAt: number,
  token: string,
): number | undefined {
  const stated = secondsLifetimeMs(exchange, read) ?? dateLifetimeMs(exchange, read, requestedAt);
  return stated ?? jwtLifetimeMs(exchange, read, requestedAt, token);
}

/**
 * RFC 7519 section 4.1: `exp` and `iat` in seconds. An `iat` near now tells the vendor's clock, so skew cancels out.
 * A token that says that it is past is worth nothing, so its lifetime is stated, and not above 0.
 */
export function jwtLifetimeMs(
  { jwt }: TokenExchange,
  _read: Read,
  requestedAt: number,
  token: string,
): number | undefined {
  if (!jwt) return undefined;
  try {
    const payload = atob((token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/"));
    const { exp, iat } = JSON.parse(payload) as { exp?: unknown; iat?: unknown };
    const issuedAt = numberOf(iat) * 1000;
    const isFresh = Math.abs(issuedAt - requestedAt) <= 300_000;
    const ms = numberOf(exp) * 1000 - (isFresh ? Math.max(issuedAt, requestedAt) : requestedAt);
    return Number.isNaN(ms) ? undefined : Math.min(ms, MAX_LIFETIME_MS);
  } catch {
    return undefined;
  }
}
