import {
  type Clock,
  checkClock,
  checkNames,
  checkNumber,
  type Fail,
  failOf,
  keepTokens,
  type TokenSource,
} from "@org/auth-runtime";
import { SignJWT } from "jose";
import { vendor } from "./generated/vendor.ts";

/** What a token is good for: all of an account, one app, one custom integration, or the login of a user in the SDK. */
export type JwtScope = "account" | "app" | "integration" | "user";

interface SignOptions {
  /** The id of an API key, which becomes the token's `kid`. */
  keyId: string;
  /** The key's secret as it is shown: its characters are the signing key, nothing is decoded. */
  secret: string;
  /** How long the token lasts, in whole seconds. Default: 300. `null`: it never expires, and ends only with its key. */
  expiresIn?: number | null | undefined;
  /** Where time comes from. Default: the system's clocks. */
  clock?: Clock | undefined;
}

/** Options of a token for the v2 API. */
export interface ApiJwtOptions extends SignOptions {
  /** Default: what the key's id says: `act_`, `svc_`: `account`; `app_`: `app`; `int_`: `integration`. */
  scope?: "account" | "app" | "integration" | undefined;
}

/** Options of a token that logs a user in to the SDK; the v2 API does not take it. */
export interface UserJwtOptions extends SignOptions {
  scope: "user";
  /** Who the user is in your own system. A string: the vendor refuses a number. */
  external_id: string;
  /** What the user is called, for Zendesk messaging. */
  name?: string | undefined;
  /** The user's e-mail address, for Zendesk messaging. */
  email?: string | undefined;
}

/** What the keys of each kind sign for: the vendor wants the scope of a token to be that of its key. */
const SCOPES: Readonly<Record<string, readonly JwtScope[]>> = {
  act_: ["account"],
  svc_: ["account"],
  app_: ["app", "user"],
  int_: ["integration"],
};
const ALL_SCOPES = [...new Set(Object.values(SCOPES).flat())];
const DEFAULT_LIFETIME_S = 300;
const CLAIMS = ["external_id", "name", "email"];
const OPTIONS = ["keyId", "secret", "scope", "expiresIn", "clock", ...CLAIMS];

/**
 * Signs a JSON Web Token with an API key, on this machine: HS256, with the key's id as `kid`.
 *
 * @returns the token, valid for 300 s unless `expiresIn` says otherwise
 * @throws `invalid_options` for what no token can be made of, such as a scope the key's id cannot have; nothing else
 * @see {@link https://docs.smooch.io/rest/#section/Introduction/API-authentication}
 */
export async function signJwt(options: ApiJwtOptions | UserJwtOptions): Promise<string> {
  const { sign, now } = prepare(options, failOf(vendor.package));
  return (await sign(now())).accessToken;
}

/**
 * Authorises a client by tokens it signs: `createSmoochKeys({ server, auth: jwtAuth({ keyId, secret }) })`. They are kept
 * like any other: one for all requests, renewed ahead of expiry. May be shared by several clients.
 *
 * @returns `getToken` and `invalidate`
 * @throws `invalid_options` at once, as {@link signJwt}, and for the scope `user`, which the API does not take
 */
export function jwtAuth(options: ApiJwtOptions): TokenSource {
  const fail = failOf(vendor.package);
  if ((options as { scope?: unknown } | undefined)?.scope === "user")
    throw fail("a token of scope user logs a user in to the SDK; the API takes account, app and integration");
  return keepTokens(vendor.package, prepare(options, fail).sign, options.clock);
}

/** Checks everything once, so that only signing is left. */
function prepare(given: ApiJwtOptions | UserJwtOptions, fail: Fail) {
  const { keyId, secret, expiresIn = DEFAULT_LIFETIME_S, clock, ...rest } = given ?? {};
  checkNames(given, OPTIONS, fail);
  for (const [name, value] of Object.entries({ keyId, secret })) checkText(name, value, fail);
  const { now } = checkClock(clock, fail);
  if (expiresIn !== null && !Number.isSafeInteger(checkNumber(expiresIn, 1, "expiresIn", fail)))
    throw fail("expiresIn has to be whole seconds, or null for a token that never expires");
  const claims = claimsOf(keyId, rest, fail);
  const key = new TextEncoder().encode(secret);
  return {
    now,
    async sign(now: number) {
      // Only `null` signs a token that never expires.
      const exp = expiresIn === null ? null : Math.floor(now / 1000) + expiresIn;
      const expiresAt = exp === null ? null : exp * 1000;
      const token = new SignJWT({ ...claims, ...(exp !== null && { exp }) });
      const accessToken = await token.setProtectedHeader({ alg: "HS256", typ: "JWT", kid: keyId }).sign(key);
      return { accessToken, expiresAt };
    },
  };
}

/** The scope, and of a user who it is. */
function claimsOf(keyId: string, { scope: asked, ...about }: Record<string, unknown>, fail: Fail) {
  const [prefix, possible = ALL_SCOPES] = Object.entries(SCOPES).find(([each]) => keyId.startsWith(each)) ?? [];
  const scope = (asked ?? (prefix && possible[0])) as JwtScope | undefined;
  if (!scope) throw fail(`what a key with this id signs for is not known; give scope: ${ALL_SCOPES.join(", ")}`);
  if (!ALL_SCOPES.includes(scope)) throw fail(`scope has to be one of ${ALL_SCOPES.join(", ")}`);
  if (!possible.includes(scope)) {
    const others = Object.keys(SCOPES).filter((each) => SCOPES[each]?.includes(scope));
    const own = possible.join(" or ");
    throw fail(
      `a key whose id begins with ${prefix} signs for ${own}, and a token's scope has to be its key's; ${scope} needs a key that begins with ${others.join(" or ")}`,
    );
  }
  if (scope === "user") checkText("external_id", about["external_id"], fail);
  for (const [name, value] of Object.entries(about).filter(([, value]) => value !== undefined)) {
    if (scope !== "user") throw fail(`${name} belongs to a token of scope user, not of ${scope}`);
    checkText(name, value, fail);
  }
  return { scope, ...about };
}

function checkText(name: string, value: unknown, fail: Fail): void {
  if (typeof value !== "string" || !value) throw fail(`${name} has to be a string, not empty`);
}
