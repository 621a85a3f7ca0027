import { createHmac } from "node:crypto";
import type { MockClock } from "./clock.ts";
import type { TokenExchange } from "./entries/examples.ts";
import { valueAt, withValueAt } from "./expressions.ts";
import type { PrismResponse } from "./prism.ts";
import type { Random } from "./random.ts";

const AN_HOUR_MS = 3_600_000;
/** What the tokens look like that a mock issues. */
export const MOCK_TOKEN = /mock-[A-Za-z0-9]{24,32}|eyJ[\w-]{1,100}\.[\w-]{1,400}\.[\w-]{43}/g;

/** Whoever a token was issued to. */
export interface Holder {
  readonly scopes?: readonly string[] | undefined;
  [name: string]: unknown;
}

interface IssuedToken {
  readonly scheme: string;
  readonly holder: Holder;
  readonly expiresAt: number;
}

/** The tokens a mock has issued and still accepts. */
export interface Tokens {
  /** Puts a new token, and when it expires, into the answer of an exchange. */
  issue(scheme: string, exchange: TokenExchange, holder: Holder, response: PrismResponse): PrismResponse;
  /** Who holds a token that is good for a scheme: issued, not expired, not revoked. */
  holderOf(scheme: string, token: string): Holder | undefined;
  revokeAll(): void;
}

export function createTokens(
  clock: MockClock,
  random: Random,
  lifetimeMs: number | undefined,
  isJwt: (scheme: string) => boolean,
): Tokens {
  const issued = new Map<string, IssuedToken>();

  function issue(scheme: string, exchange: TokenExchange, holder: Holder, response: PrismResponse): PrismResponse {
    const now = clock.now();
    const { expiresIn = "", expiresAt = "" } = exchange;
    const readsJwt = expiresIn === "jwt";
    const stated = readsJwt || expiresIn === "" ? undefined : Number(valueAt(expiresIn, response));
    const documented = stated !== undefined && stated > 0 ? stated * 1000 : durationMs(exchange.lifetime);
    const lasts = lifetimeMs ?? documented;
    // Where a date is stated there has to be one.
    const ends = now + (expiresAt !== "" && !Number.isFinite(lasts) ? AN_HOUR_MS : lasts);
    const token = readsJwt || isJwt(scheme) ? jwt(random, now, ends) : `mock-${random.text(32)}`;
    issued.set(token, { scheme, holder, expiresAt: ends });

    const places = [exchange.token].flat();
    const found = places.filter((place) => valueAt(place, response) !== undefined);
    let answer = response;
    for (const place of found.length > 0 ? found : places.slice(0, 1)) answer = withValueAt(place, answer, token);
    if (stated !== undefined && lifetimeMs !== undefined)
      answer = withValueAt(expiresIn, answer, like(valueAt(expiresIn, response), Math.ceil(lifetimeMs / 1000)));
    if (expiresAt !== "") answer = withValueAt(expiresAt, answer, dateLike(valueAt(expiresAt, response), ends));
    return answer;
  }

  return {
    issue,
    holderOf(scheme, token) {
      const entry = issued.get(token);
      return entry?.scheme === scheme && clock.now() < entry.expiresAt ? entry.holder : undefined;
    },
    revokeAll: () => issued.clear(),
  };
}

/** A JSON Web Token whose signature nobody can check, with the claims a client reads. */
function jwt(random: Random, issuedAt: number, expiresAt: number): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const seconds = (ms: number) => Math.floor(ms / 1000);
  const claims = {
    iat: seconds(issuedAt),
    ...(Number.isFinite(expiresAt) && { exp: seconds(expiresAt) }),
    jti: random.text(12),
  };
  return `${encode({ alg: "HS256", typ: "JWT" })}.${encode(claims)}.${random.text(43)}`;
}

/** The claims of a JSON Web Token that was signed with HS256 by a key that is known, and has not expired. */
export function verifiedClaims(
  token: string,
  secretOf: (keyId: string) => unknown,
  now: number,
): { keyId: string; claims: Record<string, unknown> } | undefined {
  try {
    const [header = "", payload = "", signature = ""] = token.split(".");
    const decode = (part: string) => JSON.parse(Buffer.from(part, "base64url").toString()) as Record<string, unknown>;
    const { alg, kid } = decode(header);
    const keyId = String(kid);
    const secret = secretOf(keyId);
    if (alg !== "HS256" || typeof secret !== "string") return undefined;
    if (createHmac("sha256", secret).update(`${header}.${payload}`).digest("base64url") !== signature) return undefined;
    const claims = decode(payload);
    return claims["exp"] === undefined || Number(claims["exp"]) * 1000 > now ? { keyId, claims } : undefined;
  } catch {
    return undefined;
  }
}

/** A number as the example writes it: as text, if it does. */
function like(example: unknown, value: number): number | string {
  return typeof example === "string" ? String(value) : value;
}

/** An instant as the example writes it: a date, or an epoch in seconds or, from 10^12 on, milliseconds. */
function dateLike(example: unknown, ms: number): number | string {
  const epoch = Number(example);
  if (Number.isNaN(epoch) || example === undefined || example === null) return new Date(ms).toISOString();
  return like(example, epoch < 1e12 ? Math.floor(ms / 1000) : ms);
}

/** ISO 8601 in milliseconds; what states none lasts for ever. */
function durationMs(duration: string | undefined): number {
  const parts = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(duration ?? "none");
  if (!parts) return Number.POSITIVE_INFINITY;
  const units = [604_800_000, 86_400_000, 3_600_000, 60_000, 1000];
  return units.reduce((sum, unit, index) => sum + unit * Number(parts[index + 1] ?? 0), 0);
}
