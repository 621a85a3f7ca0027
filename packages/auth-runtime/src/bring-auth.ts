import { isHeaderSafe, type Members } from "./checks.ts";
import { failOf, isNetworkError, isVendorError, nameAsTheirs, safeCopy } from "./errors.ts";
import { ABORTED, within } from "./http.ts";
import type { Settings } from "./options.ts";
import type { GetTokenOptions, Token, TokenSource } from "./token-source.ts";
import type { Vendor } from "./vendor.ts";

/** Where bearer tokens come from: any {@link TokenSource}, such as another client, or an object of your own. */
export interface BearerSource {
  /** Asked before each request, so it keeps the token itself. */
  getToken(options?: GetTokenOptions): Promise<Pick<Token, "accessToken">> | Pick<Token, "accessToken">;
  /** Told of a token that was answered with 401; it is asked for another then, once. */
  invalidate?(token: Token): void;
}

/** Authorises requests in the place of credentials: a bearer token, or a source of bearer tokens. */
export type BearerAuth = string | BearerSource;

/**
 * The vendor and the options of a client that its credentials, or `auth` in their place, authorise: for all operations alike.
 * Throws `invalid_options` for both, for neither, and for an `auth` that cannot be one.
 */
export function chooseAuth(vendor: Vendor, options: object): [Vendor, object] {
  const { auth, ...rest } = Object(options) as Members;
  const fail = failOf(vendor.package);
  const names = Object.keys(vendor.credentials);
  const given = names.some((name) => rest[name] !== undefined);
  if (auth === undefined) {
    if (options && !given) throw fail(`give ${names.join(" and ")}, or auth`);
    // Listed, so that whoever misspelt an option is told of this one.
    return [{ ...vendor, credentials: { ...vendor.credentials, auth: { optional: true } } }, options && rest];
  }
  if (given) throw fail(`auth takes the place of ${names.join(" and ")}; give one or the other, not both`);
  const isToken = typeof auth === "string";
  if (!isToken && typeof (Object(auth) as Partial<BearerSource>).getToken !== "function")
    throw fail("auth has to be a bearer token, or have the function getToken");

  const bearer = { prefix: "Bearer ", ...(isToken && { credentials: ["auth"] }) };
  const schemes = Object.fromEntries(Object.keys(vendor.schemes).map((name) => [name, bearer]));
  const tokens = (settings: Settings) => {
    const source = remember(auth as BearerSource, settings);
    return new Map(Object.keys(schemes).map((name) => [name, source]));
  };
  const features = isToken ? vendor.features : { ...vendor.features, tokens };
  const credentials = { auth: isToken ? {} : ({ any: true } as const) };
  for (const name of names) delete rest[name];
  return [
    { ...vendor, schemes, features, credentials },
    { ...rest, auth },
  ];
}

/** A user's source: what it gives is checked, and known as a secret from then on. */
function remember(source: BearerSource, { fail, redact, tokens }: Settings): TokenSource {
  let last: Token | undefined;
  /** Its members are read here, because what is given may throw then, too. */
  const ask = async (options: GetTokenOptions | undefined) => {
    const { accessToken, expiresAt } = Object(await source.getToken(options)) as Partial<Token>;
    return { accessToken, expiresAt: Number.isFinite(expiresAt) ? (expiresAt as number) : null };
  };
  return {
    async getToken(options) {
      // A caller's abort ends the wait, whatever the source then does.
      const given = await within(() => ask(options), options?.signal, Number.POSITIVE_INFINITY).catch(
        (cause: unknown) => {
          const { aborted, reason } = options?.signal ?? {};
          if (aborted) throw fail(ABORTED, "aborted", { shown: safeCopy(reason, redact) });
          if (isVendorError(cause) || !isNetworkError(cause)) throw nameAsTheirs("auth.getToken", cause, fail, redact);
          throw fail("auth.getToken() failed, so nothing was sent", "network_error", { cause });
        },
      );
      const { accessToken, expiresAt } = given;
      if (!isHeaderSafe(accessToken))
        throw fail("auth.getToken() has to give an accessToken of characters a header can carry");
      if (last?.accessToken !== accessToken) {
        last = { accessToken, expiresAt };
        tokens.unshift(accessToken);
        tokens.pop();
      }
      return last;
    },
    // It is told, no more: what it throws changes nothing of the answer that was refused.
    invalidate: (token) => void (async () => source.invalidate?.(token as Token))().catch(() => undefined),
  };
}
