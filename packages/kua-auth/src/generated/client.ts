// Generated from specs/kua-auth.yaml by `pnpm generate`. Do not edit.

import type {
  AuthorisedClient,
  CallOptions,
  ClientOptions,
  HttpStatus,
  RequestError,
  ResponseError,
  ServerUrl,
  StatusError,
  TokenSource,
} from "@org/auth-runtime";
import type { components, paths } from "./schema.ts";

type Schema<Name extends keyof components["schemas"]> = components["schemas"][Name];

/** An account's own credentials. */
export interface EmailCredentials extends Schema<"EmailCredentials"> {}

/** An access token and how long it is valid. */
export interface AccessToken extends Schema<"AccessToken"> {}

/** An account. Its members are not documented. */
export interface Account extends Schema<"Account"> {}

/** The wrapper of every error but a fault. */
export interface ErrorResponse extends Schema<"ErrorResponse"> {}

/** What went wrong. */
export interface ErrorBody extends Schema<"ErrorBody"> {}

/** A fault on Kua.ai's side. */
export interface FaultBody extends Schema<"FaultBody"> {}

/**
 * Where requests go: a server of the spec, or any URL, such as a mock's.
 *
 * - `production`: Production, https://api.kua.ai
 */
export type KuaAuthServer = "production" | ServerUrl;

/** Options of `createKuaAuth`. */
export interface KuaAuthOptions extends ClientOptions {
  /** The account's e-mail address, 5 to 64 characters. */
  email: string;
  /** The account's password, 6 to 128 characters. Kept secret. */
  password: string;
  /** Where requests go; `production` unless given. */
  server?: KuaAuthServer | undefined;
}

/** Input of `createEmailSession` (POST /core/api/v2/accounts/sessions/email). */
export interface CreateEmailSessionInput {
  /** The account's e-mail address, 5 to 64 characters. */
  email: string;
  /** The account's password, 6 to 128 characters. */
  password: string;
}

/** Input of `getAccount` (GET /core/api/v2/accounts). */
export type GetAccountInput = Record<string, never>;

/** Every error of `createEmailSession`. */
export type CreateEmailSessionError =
  | StatusError<"createEmailSession", "invalid_credentials", 401, ErrorResponse>
  | StatusError<"createEmailSession", "http_error", 500, FaultBody>
  | StatusError<"createEmailSession", "http_error" | "rate_limited" | "invalid_credentials", Exclude<HttpStatus, 401 | 500>, ErrorResponse>
  | StatusError<"createEmailSession", "rate_limited" | "invalid_credentials" | "unexpected_status", Exclude<HttpStatus, 401 | 500>, unknown>
  | ResponseError<"createEmailSession">
  | RequestError<"createEmailSession">;

/** Every error of `getAccount`. */
export type GetAccountError =
  | StatusError<"getAccount", "http_error", 401, ErrorResponse>
  | StatusError<"getAccount", "http_error", 500, FaultBody>
  | StatusError<"getAccount", "http_error" | "rate_limited", Exclude<HttpStatus, 401 | 500>, ErrorResponse>
  | StatusError<"getAccount", "rate_limited" | "unexpected_status", Exclude<HttpStatus, 401 | 500>, unknown>
  | ResponseError<"getAccount">
  | RequestError<"getAccount">;

/** The operations, by operationId. */
export type KuaAuthOperationId = "createEmailSession" | "getAccount";

/** Every error `createKuaAuth` and its client throw. Narrow it by `code`, or by `operationId` and `status`, which types `body`. */
export type KuaAuthError = CreateEmailSessionError | GetAccountError | RequestError<KuaAuthOperationId | undefined>;

/**
 * Kua.ai core API authentication: Log in with an account's e-mail address and password.
 *
 * @see {@link https://docs.kua.ai}
 */
export interface KuaAuth extends AuthorisedClient<paths>, TokenSource {
  /**
   * Authenticate
   *
   * Logs in with an account's e-mail address and password and returns an access token. No refresh endpoint is documented; log in again instead.
   *
   * POST /core/api/v2/accounts/sessions/email. A raw call: the cached token stays as it is.
   *
   * @returns 201: The session was created.
   * @throws {@link CreateEmailSessionError}, with `status` and `body` for
   * - 401: The credentials or the token are not accepted.
   * - 500: A failure on Kua.ai's side. This body alone has no `error` wrapper.
   * - default: Any other failure.
   * @see {@link https://docs.kua.ai/api-reference/basic/authenticate}
   */
  createEmailSession(input: CreateEmailSessionInput, options?: CallOptions): Promise<AccessToken>;

  /**
   * Get the account
   *
   * Returns the account the token belongs to. The vendor documents the request only, so the result is an open object.
   *
   * GET /core/api/v2/accounts.
   *
   * @returns 200: The account. Its members are not documented.
   * @throws {@link GetAccountError}, with `status` and `body` for
   * - 401: The credentials or the token are not accepted.
   * - 500: A failure on Kua.ai's side. This body alone has no `error` wrapper.
   * - default: Any other failure.
   * @throws {@link CreateEmailSessionError} where no token could be obtained
   * @see {@link https://docs.kua.ai/api-reference/basic/authenticate}
   */
  getAccount(input?: GetAccountInput, options?: CallOptions): Promise<Account>;
}
