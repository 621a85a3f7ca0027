// Generated from specs/klavi-auth.yaml by `pnpm generate`. Do not edit.

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

/** The keys of a partner's application. */
export interface AccessTokenRequest extends Schema<"AccessTokenRequest"> {}

/** An access token and how long it is valid. */
export interface AccessToken extends Schema<"AccessToken"> {}

/** Klavi's error envelope. */
export interface ErrorBody extends Schema<"ErrorBody"> {}

/** No public document shows this body, so nothing is promised about it. */
export type UndocumentedBody = Schema<"UndocumentedBody">;

/**
 * Where requests go: a server of the spec, or any URL, such as a mock's.
 *
 * - `sandbox`: Sandbox, https://api-sandbox.klavi.ai
 * - `production`: Production, https://api.klavi.ai
 */
export type KlaviAuthServer = "sandbox" | "production" | ServerUrl;

/** Options of `createKlaviAuth`. */
export interface KlaviAuthOptions extends ClientOptions {
  /** The partner application's access key. */
  accessKey: string;
  /** The partner application's secret key. Kept secret. */
  secretKey: string;
  /** Where requests go. */
  server: KlaviAuthServer;
}

/** Input of `createAccessToken` (POST /monitor/v1/auth). */
export interface CreateAccessTokenInput {
  /** The partner application's access key. */
  accessKey: string;
  /** The partner application's secret key. */
  secretKey: string;
}

/** Input of `refreshAccessToken` (GET /monitor/v1/refresh). */
export type RefreshAccessTokenInput = Record<string, never>;

/** Every error of `createAccessToken`. */
export type CreateAccessTokenError =
  | StatusError<"createAccessToken", "http_error" | "invalid_credentials", 400, UndocumentedBody>
  | StatusError<"createAccessToken", "invalid_credentials", 401, ErrorBody>
  | StatusError<"createAccessToken", "rate_limited", 429, UndocumentedBody>
  | StatusError<"createAccessToken", "http_error", 500, UndocumentedBody>
  | StatusError<"createAccessToken", "rate_limited" | "invalid_credentials" | "unexpected_status", Exclude<HttpStatus, 400 | 401 | 429 | 500>, unknown>
  | ResponseError<"createAccessToken">
  | RequestError<"createAccessToken">;

/** Every error of `refreshAccessToken`. */
export type RefreshAccessTokenError =
  | StatusError<"refreshAccessToken", "http_error", 401, UndocumentedBody>
  | StatusError<"refreshAccessToken", "rate_limited", 429, UndocumentedBody>
  | StatusError<"refreshAccessToken", "http_error", 500, UndocumentedBody>
  | StatusError<"refreshAccessToken", "rate_limited" | "unexpected_status", Exclude<HttpStatus, 401 | 429 | 500>, unknown>
  | ResponseError<"refreshAccessToken">
  | RequestError<"refreshAccessToken">;

/** The operations, by operationId. */
export type KlaviAuthOperationId = "createAccessToken" | "refreshAccessToken";

/** Every error `createKlaviAuth` and its client throw. Narrow it by `code`, or by `operationId` and `status`, which types `body`. */
export type KlaviAuthError = CreateAccessTokenError | RefreshAccessTokenError | RequestError<KlaviAuthOperationId | undefined>;

/**
 * Klavi Monitor API authentication: Exchange a partner's access and secret key for a short-lived access token.
 *
 * @see {@link https://docs.klavi.ai}
 */
export interface KlaviAuth extends AuthorisedClient<paths>, TokenSource {
  /**
   * Generate access token
   *
   * Exchanges the partner's keys for an access token. The token is valid for `expireIn` seconds, 1800 by default.
   *
   * POST /monitor/v1/auth. A raw call: the cached token stays as it is.
   *
   * @returns 200: An access token.
   * @throws {@link CreateAccessTokenError}, with `status` and `body` for
   * - 400: A parameter is missing or malformed. Its body is not documented.
   * - 401: The keys are not accepted.
   * - 429: Too many requests; back off exponentially. Its body is not documented.
   * - 500: A failure on Klavi's side. Its body is not documented.
   * @see {@link https://docs.klavi.ai/link/generate-access-token}
   */
  createAccessToken(input: CreateAccessTokenInput, options?: CallOptions): Promise<AccessToken>;

  /**
   * Refresh access token
   *
   * Exchanges an access token that is still valid for a new one. Generating another token is the documented alternative.
   *
   * GET /monitor/v1/refresh. A raw call: the cached token stays as it is.
   *
   * @returns 200: A new access token.
   * @throws {@link RefreshAccessTokenError}, with `status` and `body` for
   * - 401: The access token is not valid or has expired. Its body is not documented for this operation.
   * - 429: Too many requests; back off exponentially. Its body is not documented.
   * - 500: A failure on Klavi's side. Its body is not documented.
   * @throws {@link CreateAccessTokenError} where no token could be obtained
   * @see {@link https://docs.klavi.ai/monitor/refresh-access-token}
   */
  refreshAccessToken(input?: RefreshAccessTokenInput, options?: CallOptions): Promise<AccessToken>;
}
