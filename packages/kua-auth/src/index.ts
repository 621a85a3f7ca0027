import { createVendorClient, isVendorError } from "@org/auth-runtime";
import type { KuaAuth, KuaAuthError, KuaAuthOptions } from "./generated/index.ts";
import { vendor } from "./generated/vendor.ts";

export type { CallOptions, ClientOptions, GetTokenOptions, ServerUrl, Token } from "@org/auth-runtime";
export * from "./generated/index.ts";

export function createKuaAuth(options: KuaAuthOptions): KuaAuth {
  return createVendorClient<KuaAuth>(vendor, options);
}

export function isKuaAuthError(error: unknown): error is KuaAuthError {
  return isVendorError(error, vendor.package);
}
