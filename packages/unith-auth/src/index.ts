import { createVendorClient, isVendorError } from "@org/auth-runtime";
import type { UnithAuth, UnithAuthError, UnithAuthOptions } from "./generated/index.ts";
import { vendor } from "./generated/vendor.ts";

export type { CallOptions, ClientOptions, GetTokenOptions, ServerUrl, Token } from "@org/auth-runtime";
export * from "./generated/index.ts";

export function createUnithAuth(options: UnithAuthOptions): UnithAuth {
  return createVendorClient<UnithAuth>(vendor, options);
}

export function isUnithAuthError(error: unknown): error is UnithAuthError {
  return isVendorError(error, vendor.package);
}
