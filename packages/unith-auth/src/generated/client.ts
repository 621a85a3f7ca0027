// Generated from specs/unith-auth.yaml by `pnpm generate`. Do not edit.

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

/** An account's e-mail address and secret key. */
export interface TokenRequest extends Schema<"TokenRequest"> {}

/** The bearer token, nested or flat. */
export type TokenResponse = Schema<"TokenResponse">;

/** The bearer token as the vendor's current samples show it. */
export interface NestedToken extends Schema<"NestedToken"> {}

/** The bearer token as the vendor's reference page shows it. */
export interface FlatToken extends Schema<"FlatToken"> {}

/** The JWT to send as `Authorization` bearer token; valid for 7 days. */
export type BearerToken = Schema<"BearerToken">;

/** No public document shows this body, so nothing is promised about it. */
export type UndocumentedBody = Schema<"UndocumentedBody">;

/**
 * Where requests go: a server of the spec, or any URL, such as a mock's.
 *
 * - `production`: Production, https://platform-api.unith.ai
 */
export type UnithAuthServer = "production" | ServerUrl;

/** Options of `createUnithAuth`. */
export interface UnithAuthOptions extends ClientOptions {
  /** The e-mail address the secret key was generated with. */
  email: string;
  /** The account's secret key. Kept secret. */
  secretKey: string;
  /** Where requests go; `production` unless given. */
  server?: UnithAuthServer | undefined;
}

/** Input of `createToken` (POST /auth/token). */
export interface CreateTokenInput {
  /** The e-mail address the secret key was generated with. */
  email: string;
  /** The account's secret key. */
  secretKey: string;
}

/** Input of `generateSecretKey` (PUT /user/generate-secret-key). */
export type GenerateSecretKeyInput = Record<string, never>;

/** Input of `deleteSecretKey` (DELETE /user/delete-secret-key). */
export type DeleteSecretKeyInput = Record<string, never>;

/** Every error of `createToken`. */
export type CreateTokenError =
  | StatusError<"createToken", "invalid_credentials", 401, UndocumentedBody>
  | StatusError<"createToken", "http_error", 500, UndocumentedBody>
  | StatusError<"createToken", "rate_limited" | "invalid_credentials" | "unexpected_status", Exclude<HttpStatus, 401 | 500>, unknown>
  | ResponseError<"createToken">
  | RequestError<"createToken">;

/** Every error of `generateSecretKey`. */
export type GenerateSecretKeyError =
  | StatusError<"generateSecretKey", "http_error", 401, UndocumentedBody>
  | StatusError<"generateSecretKey", "rate_limited" | "unexpected_status", Exclude<HttpStatus, 401>, unknown>
  | ResponseError<"generateSecretKey">
  | RequestError<"generateSecretKey">;

/** Every error of `deleteSecretKey`. */
export type DeleteSecretKeyError =
  | StatusError<"deleteSecretKey", "http_error", 401, UndocumentedBody>
  | StatusError<"deleteSecretKey", "rate_limited" | "unexpected_status", Exclude<HttpStatus, 401>, unknown>
  | ResponseError<"deleteSecretKey">
  | RequestError<"deleteSecretKey">;

/** The operations, by operationId. */
export type UnithAuthOperationId = "createToken" | "generateSecretKey" | "deleteSecretKey";

/** Every error `createUnithAuth` and its client throw. Narrow it by `code`, or by `operationId` and `status`, which types `body`. */
export type UnithAuthError = CreateTokenError | GenerateSecretKeyError | DeleteSecretKeyError | RequestError<UnithAuthOperationId | undefined>;

/**
 * Unith platform API authentication: Exchange an e-mail address and secret key for a bearer token, and manage the secret key.
 *
 * @see {@link https://docs.unith.ai}
 */
export interface UnithAuth extends AuthorisedClient<paths>, TokenSource {
  /**
   * Obtain a bearer token
   *
   * Exchanges the account's e-mail address and secret key for a bearer token that is valid for 7 days. No refresh endpoint exists; obtain another token instead.
   *
   * POST /auth/token. A raw call: the cached token stays as it is.
   *
   * @returns 200: A bearer token, in one of the two documented shapes.
   * @throws {@link CreateTokenError}, with `status` and `body` for
   * - 401: The e-mail address or secret key is not valid. Its body is not documented.
   * - 500: A failure on Unith's side. Its body is not documented.
   * @see {@link https://docs.unith.ai/user}
   */
  createToken(input: CreateTokenInput, options?: CallOptions): Promise<TokenResponse>;

  /**
   * Generate a secret key
   *
   * Generates the account's secret key, which the answer shows once and never again: save it before anything else.
   * An existing key has to be deleted first. The answer's shape is not documented.
   *
   * PUT /user/generate-secret-key.
   *
   * @returns 200: The secret key was generated. Status and body are not documented.
   * @throws {@link GenerateSecretKeyError}, with `status` and `body` for
   * - 401: The bearer token is not valid or has expired. Its body is not documented.
   * @throws {@link CreateTokenError} where no token could be obtained
   * @see {@link https://docs.unith.ai/user}
   */
  generateSecretKey(input?: GenerateSecretKeyInput, options?: CallOptions): Promise<UndocumentedBody>;

  /**
   * Delete the secret key
   *
   * Deletes the account's secret key, so that another can be generated. The answer's shape is not documented.
   *
   * DELETE /user/delete-secret-key.
   *
   * @returns 200: The secret key was deleted. Status and body are not documented.
   * @throws {@link DeleteSecretKeyError}, with `status` and `body` for
   * - 401: The bearer token is not valid or has expired. Its body is not documented.
   * @throws {@link CreateTokenError} where no token could be obtained
   * @see {@link https://docs.unith.ai/user}
   */
  deleteSecretKey(input?: DeleteSecretKeyInput, options?: CallOptions): Promise<UndocumentedBody>;
}
