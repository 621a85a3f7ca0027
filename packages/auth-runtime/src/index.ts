export type { BearerAuth, BearerSource } from "./bring-auth.ts";
export { checkMethods, checkNames, checkNumber } from "./checks.ts";
export { type Clock, checkClock } from "./clock.ts";
export { type AuthorisedClient, createVendorClient } from "./create-client.ts";
export {
  type ClientErrorStatus,
  type ErrorCode,
  type Fail,
  failOf,
  type HttpStatus,
  isVendorError,
  type RequestError,
  type ResponseError,
  type ServerErrorStatus,
  type StatusError,
  VendorError,
} from "./errors.ts";
export type { ClientEvent } from "./events.ts";
export type { FetchAnswer, FetchInit, FetchLike } from "./fetch-like.ts";
export type { CallOptions, HttpOptions } from "./http.ts";
export { keepTokens } from "./kept-tokens.ts";
export type { ClientOptions, ServerUrl } from "./options.ts";
export type { StoredToken, TokenStore } from "./store.ts";
export type { GetTokenOptions, Token, TokenSource } from "./token-source.ts";
export type { BodyKind, InputLocation, ValuePath, Vendor } from "./vendor.ts";
