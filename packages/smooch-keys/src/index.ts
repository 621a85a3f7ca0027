import { createVendorClient, isVendorError } from "@org/auth-runtime";
import type { SmoochKeys, SmoochKeysError, SmoochKeysOptions } from "./generated/index.ts";
import { vendor } from "./generated/vendor.ts";

export type { CallOptions, ClientOptions, GetTokenOptions, ServerUrl, Token } from "@org/auth-runtime";
export * from "./generated/index.ts";

export function createSmoochKeys(options: SmoochKeysOptions): SmoochKeys {
  return createVendorClient<SmoochKeys>(vendor, options);
}

export function isSmoochKeysError(error: unknown): error is SmoochKeysError {
  return isVendorError(error, vendor.package);
}
