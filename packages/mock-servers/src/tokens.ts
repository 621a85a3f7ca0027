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
  /** The same for whoever holds the refresh token a request brings; `undefined` if nobody does. */
  refresh(
    scheme: string,
    exchange: TokenExchange,
    input: Readonly<Record<string, unknown>>,
    negotiate: () => PrismResponse,
  ): PrismResponse | undefined;
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
  const refreshTokens = new Map<string, Pick<IssuedToken, "scheme" | "holder">>();

  function issue(scheme: string, exchange: TokenExchange, holder: Holder, response: PrismResponse): PrismResponse {
    const now = clock.now();
    const { expiresIn = "", expiresAt = "" } = exchange;
    const readsJwt = expiresIn === "jwt";
    const stated = readsJwt || expiresIn === "" ? undefined : Number(valueAt(expiresIn, response));
    const unitMs = UNITS_MS[exchange.expiresInUnit ?? ""] ?? 1000;
    const documented = stated !== undefined && stated > 0 ? stated * unitMs : durationMs(exchange.lifetime);
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
      answer = withValueAt(expiresIn, answer, like(valueAt(expiresIn, response), Math.ceil(lifetimeMs / unitMs)));
    if (expiresAt !== "") answer = withValueAt(expiresAt, answer, dateLike(valueAt(expiresAt, response), ends));
    for (const place of issuedPlaces(exchange)) {
      if (typeof valueAt(place, response) !== "string") continue;
      const refreshToken = `mock-${random.text(32)}`;
      refreshTokens.set(refreshToken, { scheme, holder });
      answer = withValueAt(place, answer, refreshToken);
    }
    return answer;
  }

  return {
    issue,
    refresh(scheme, exchange, input, negotiate) {
      const [name = ""] = Object.entries(exchange.refresh?.parameters ?? {}).find(isIssued) ?? [];
      const refreshToken = String(input[name]);
      const entry = refreshTokens.get(refreshToken);
      if (entry?.scheme !== scheme) return undefined;
      const example = negotiate();
      // An answer that shows a refresh token brings another in its place.
      if (issuedPlaces(exchange).some((place) => valueAt(place, example) !== undefined))
        refreshTokens.delete(refreshToken);
      return issue(scheme, exchange, entry.holder, example);
    },
    holderOf(scheme, token) {
      const entry = issued.get(token);
      return entry?.scheme === scheme && clock.now() < entry.expiresAt ? entry.holder : undefined;
    },
    revokeAll() {
      issued.clear();
      refreshTokens.clear();
    },
  };
}

const UNITS_MS: Record<string, number> = { milliseconds: 1, minutes: 60_000, hours: 3_600_000, days: 86_400_000 };

const isIssued = ([, value]: [string, unknown]) => String(value).startsWith("$response.");

/** Where an answer holds what the next refresh takes. */
function issuedPlaces({ refresh }: TokenExchange): string[] {
  return Object.entries(refresh?.parameters ?? {})
    .filter(isIssued)
    .map(([, value]) => String(value));
}

/** Whether a refresh takes something that was issued beside the token. */
export function takesIssued(exchange: TokenExchange): boolean {
  return issuedPlaces(exchange).length > 0;
}

/** Whether a request is a refresh: by its operation, or where that issues tokens too, by what it says. */
export function isRefreshing(
  { operationId, refresh }: TokenExchange,
  of: string,
  input: Readonly<Record<string, unknown>>,
) {
  const parameters = Object.entries(refresh?.parameters ?? {});
  const isSaid = parameters.every(([name, value]) =>
    isIssued([name, value]) ? input[name] !== undefined : input[name] === value,
  );
  return refresh?.operationId === of && (operationId !== of || isSaid);
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
