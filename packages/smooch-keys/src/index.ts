import { createVendorClient, isVendorError } from "@org/auth-runtime";
import type { SmoochKeys, SmoochKeysError, SmoochKeysOptions } from "./generated/index.ts";
import { vendor } from "./generated/vendor.ts";

export type {
  BearerAuth,
  BearerSource,
  CallOptions,
  ClientOptions,
  GetTokenOptions,
  ServerUrl,
  Token,
} from "@org/auth-runtime";
export * from "./generated/index.ts";

/**
 * Creates a client of the Sunshine Conversations key endpoints. An API key is sent as Basic authentication; `auth` is sent as a bearer in
 * its place: a token, a source of tokens, or `jwtAuth` of `@org/smooch-keys/jwt`. What is chosen goes with every operation.
 *
 * @returns its operations, an authorised `fetch` and `client`, called as an openapi-fetch client is
 * @throws `invalid_options` for a credential, server or option that cannot work, `insecure_url` for plain http beyond loopback
 * @see {@link https://docs.smooch.io/rest/}
 */
export function createSmoochKeys(options: SmoochKeysOptions): SmoochKeys {
  return createVendorClient<SmoochKeys>(vendor, options);
}

/** Whether an error is one of this package's, thrown by any installed copy of it; narrow it by `code`, or by `operationId` and `status`. */
export function isSmoochKeysError(error: unknown): error is SmoochKeysError {
  return isVendorError(error, vendor.package);
}
