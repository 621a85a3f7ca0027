import { createVendorClient, isVendorError } from "@org/auth-runtime";
import type { UnithAuth, UnithAuthError, UnithAuthOptions } from "./generated/index.ts";
import { vendor } from "./generated/vendor.ts";

export type { CallOptions, ClientOptions, GetTokenOptions, ServerUrl, Token } from "@org/auth-runtime";
export * from "./generated/index.ts";

/**
 * Creates a client of Unith's authentication endpoints. It sends nothing yet: a token is obtained when one is first needed.
 *
 * @returns its operations, `getToken`, `invalidate`, an authorised `fetch` and `client`, called as an openapi-fetch client is
 * @throws `invalid_options` for a credential, server or option that cannot work, `insecure_url` for plain http beyond loopback
 * @see {@link https://docs.unith.ai}
 */
export function createUnithAuth(options: UnithAuthOptions): UnithAuth {
  return createVendorClient<UnithAuth>(vendor, options);
}

/** Whether an error is one of this package's, thrown by any installed copy of it; narrow it by `code`, or by `operationId` and `status`. */
export function isUnithAuthError(error: unknown): error is UnithAuthError {
  return isVendorError(error, vendor.package);
}
