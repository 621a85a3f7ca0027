import { createVendorClient, isVendorError } from "@org/auth-runtime";
import type { KlaviAuth, KlaviAuthError, KlaviAuthOptions } from "./generated/index.ts";
import { vendor } from "./generated/vendor.ts";

export type { CallOptions, ClientOptions, GetTokenOptions, ServerUrl, Token } from "@org/auth-runtime";
export * from "./generated/index.ts";

export function createKlaviAuth(options: KlaviAuthOptions): KlaviAuth {
  return createVendorClient<KlaviAuth>(vendor, options);
}

export function isKlaviAuthError(error: unknown): error is KlaviAuthError {
  return isVendorError(error, vendor.package);
}
