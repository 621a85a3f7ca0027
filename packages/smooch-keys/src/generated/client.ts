// Generated from specs/smooch-keys.yaml by `pnpm generate`. Do not edit.

import type {
  AuthorisedClient,
  BearerAuth,
  CallOptions,
  ClientOptions,
  HttpStatus,
  RequestError,
  ResponseError,
  ServerUrl,
  StatusError,
} from "@org/auth-runtime";
import type { components, paths } from "./schema.ts";

type Schema<Name extends keyof components["schemas"]> = components["schemas"][Name];

/** The key to create. */
export interface CreateAppKeyRequest extends Schema<"CreateAppKeyRequest"> {}

/** The key to create. */
export interface CreateIntegrationKeyRequest extends Schema<"CreateIntegrationKeyRequest"> {}

/** An API key of an app. Its secret signs tokens; keep it out of logs. */
export interface AppKey extends Schema<"AppKey"> {}

/** A new API key of an app, with its secret. */
export interface CreatedAppKey extends Schema<"CreatedAppKey"> {}

/** An API key of a custom integration. Its secret signs tokens; keep it out of logs. */
export interface IntegrationKey extends Schema<"IntegrationKey"> {}

/** A new API key of a custom integration, with its secret. */
export interface CreatedIntegrationKey extends Schema<"CreatedIntegrationKey"> {}

/** A key of an app. */
export interface AppKeyResponse extends Schema<"AppKeyResponse"> {}

/** A new key of an app. */
export interface CreatedAppKeyResponse extends Schema<"CreatedAppKeyResponse"> {}

/** A key of a custom integration. */
export interface IntegrationKeyResponse extends Schema<"IntegrationKeyResponse"> {}

/** A new key of a custom integration. */
export interface CreatedIntegrationKeyResponse extends Schema<"CreatedIntegrationKeyResponse"> {}

/** All keys of an app. */
export interface AppKeyListResponse extends Schema<"AppKeyListResponse"> {}

/** All keys of a custom integration. */
export interface IntegrationKeyListResponse extends Schema<"IntegrationKeyListResponse"> {}

/** An empty object. */
export interface EmptyResponse extends Schema<"EmptyResponse"> {}

/** What went wrong; several entries only with status 400. */
export interface ErrorResponse extends Schema<"ErrorResponse"> {}

/** One error. */
export interface ErrorEntry extends Schema<"ErrorEntry"> {}

/** No public document shows this body, so nothing is promised about it. */
export type UndocumentedBody = Schema<"UndocumentedBody">;

/**
 * Where requests go: a server of the spec, or any URL, such as a mock's.
 *
 * - `us`: Legacy accounts in the United States, https://api.smooch.io
 * - `eu`: Legacy accounts in the European Union, https://api.eu-1.smooch.io
 * - `zendesk`: Licensed Zendesk customers, https://{subdomain}.zendesk.com/sc; subdomain: The subdomain of the customer's Zendesk account.
 */
export type SmoochKeysServer = "us" | "eu" | { name: "zendesk"; subdomain: string } | ServerUrl;

/** Options of `createSmoochKeys` with its credentials. */
export interface SmoochKeysKeyOptions extends ClientOptions {
  /** The id and secret of an API key. What the key may do follows its owner. */
  keyId: string;
  /** The id and secret of an API key. What the key may do follows its owner. Kept secret. */
  secret: string;
  auth?: undefined;
  /** Where requests go. */
  server: SmoochKeysServer;
}

/** Options of `createSmoochKeys` with a bearer in their place. */
export interface SmoochKeysAuthOptions extends ClientOptions {
  /** What authorises every request in the place of the credentials: a bearer token, or where tokens come from. */
  auth: BearerAuth;
  keyId?: undefined;
  secret?: undefined;
  /** Where requests go. */
  server: SmoochKeysServer;
}

/** Options of `createSmoochKeys`: credentials or `auth`, never both. */
export type SmoochKeysOptions = SmoochKeysKeyOptions | SmoochKeysAuthOptions;

/** Input of `listAppKeys` (GET /v2/apps/{appId}/keys). */
export interface ListAppKeysInput {
  /** Identifies the app. */
  appId: string;
}

/** Input of `createAppKey` (POST /v2/apps/{appId}/keys). */
export interface CreateAppKeyInput {
  /** Identifies the app. */
  appId: string;
  /** The name of the key, 1 to 100 characters. */
  displayName: string;
}

/** Input of `getAppKey` (GET /v2/apps/{appId}/keys/{keyId}). */
export interface GetAppKeyInput {
  /** Identifies the app. */
  appId: string;
  /** The id of the key. */
  keyId: string;
}

/** Input of `deleteAppKey` (DELETE /v2/apps/{appId}/keys/{keyId}). */
export interface DeleteAppKeyInput {
  /** Identifies the app. */
  appId: string;
  /** The id of the key. */
  keyId: string;
}

/** Input of `listIntegrationKeys` (GET /v2/apps/{appId}/integrations/{integrationId}/keys). */
export interface ListIntegrationKeysInput {
  /** Identifies the app. */
  appId: string;
  /** Identifies the custom integration. */
  integrationId: string;
}

/** Input of `createIntegrationKey` (POST /v2/apps/{appId}/integrations/{integrationId}/keys). */
export interface CreateIntegrationKeyInput {
  /** Identifies the app. */
  appId: string;
  /** Identifies the custom integration. */
  integrationId: string;
  /** The name of the key. */
  displayName: string;
}

/** Input of `getIntegrationKey` (GET /v2/apps/{appId}/integrations/{integrationId}/keys/{keyId}). */
export interface GetIntegrationKeyInput {
  /** Identifies the app. */
  appId: string;
  /** Identifies the custom integration. */
  integrationId: string;
  /** The id of the key. */
  keyId: string;
}

/** Input of `deleteIntegrationKey` (DELETE /v2/apps/{appId}/integrations/{integrationId}/keys/{keyId}). */
export interface DeleteIntegrationKeyInput {
  /** Identifies the app. */
  appId: string;
  /** Identifies the custom integration. */
  integrationId: string;
  /** The id of the key. */
  keyId: string;
}

/** Every error of `listAppKeys`. */
export type ListAppKeysError =
  | StatusError<"listAppKeys", "http_error", 401, ErrorResponse>
  | StatusError<"listAppKeys", "rate_limited", 429, UndocumentedBody>
  | StatusError<"listAppKeys", "http_error" | "rate_limited", Exclude<HttpStatus, 401 | 429>, ErrorResponse>
  | StatusError<"listAppKeys", "rate_limited" | "unexpected_status", Exclude<HttpStatus, 401 | 429>, unknown>
  | ResponseError<"listAppKeys">
  | RequestError<"listAppKeys">;

/** Every error of `createAppKey`. */
export type CreateAppKeyError =
  | StatusError<"createAppKey", "http_error", 401, ErrorResponse>
  | StatusError<"createAppKey", "rate_limited", 429, UndocumentedBody>
  | StatusError<"createAppKey", "http_error" | "rate_limited", Exclude<HttpStatus, 401 | 429>, ErrorResponse>
  | StatusError<"createAppKey", "rate_limited" | "unexpected_status", Exclude<HttpStatus, 401 | 429>, unknown>
  | ResponseError<"createAppKey">
  | RequestError<"createAppKey">;

/** Every error of `getAppKey`. */
export type GetAppKeyError =
  | StatusError<"getAppKey", "http_error", 401, ErrorResponse>
  | StatusError<"getAppKey", "http_error", 404, ErrorResponse>
  | StatusError<"getAppKey", "rate_limited", 429, UndocumentedBody>
  | StatusError<"getAppKey", "http_error" | "rate_limited", Exclude<HttpStatus, 401 | 404 | 429>, ErrorResponse>
  | StatusError<"getAppKey", "rate_limited" | "unexpected_status", Exclude<HttpStatus, 401 | 404 | 429>, unknown>
  | ResponseError<"getAppKey">
  | RequestError<"getAppKey">;

/** Every error of `deleteAppKey`. */
export type DeleteAppKeyError =
  | StatusError<"deleteAppKey", "http_error", 401, ErrorResponse>
  | StatusError<"deleteAppKey", "http_error", 404, ErrorResponse>
  | StatusError<"deleteAppKey", "rate_limited", 429, UndocumentedBody>
  | StatusError<"deleteAppKey", "http_error" | "rate_limited", Exclude<HttpStatus, 401 | 404 | 429>, ErrorResponse>
  | StatusError<"deleteAppKey", "rate_limited" | "unexpected_status", Exclude<HttpStatus, 401 | 404 | 429>, unknown>
  | ResponseError<"deleteAppKey">
  | RequestError<"deleteAppKey">;

/** Every error of `listIntegrationKeys`. */
export type ListIntegrationKeysError =
  | StatusError<"listIntegrationKeys", "http_error", 400, ErrorResponse>
  | StatusError<"listIntegrationKeys", "http_error", 401, ErrorResponse>
  | StatusError<"listIntegrationKeys", "rate_limited", 429, UndocumentedBody>
  | StatusError<"listIntegrationKeys", "http_error" | "rate_limited", Exclude<HttpStatus, 400 | 401 | 429>, ErrorResponse>
  | StatusError<"listIntegrationKeys", "rate_limited" | "unexpected_status", Exclude<HttpStatus, 400 | 401 | 429>, unknown>
  | ResponseError<"listIntegrationKeys">
  | RequestError<"listIntegrationKeys">;

/** Every error of `createIntegrationKey`. */
export type CreateIntegrationKeyError =
  | StatusError<"createIntegrationKey", "http_error", 401, ErrorResponse>
  | StatusError<"createIntegrationKey", "rate_limited", 429, UndocumentedBody>
  | StatusError<"createIntegrationKey", "http_error" | "rate_limited", Exclude<HttpStatus, 401 | 429>, ErrorResponse>
  | StatusError<"createIntegrationKey", "rate_limited" | "unexpected_status", Exclude<HttpStatus, 401 | 429>, unknown>
  | ResponseError<"createIntegrationKey">
  | RequestError<"createIntegrationKey">;

/** Every error of `getIntegrationKey`. */
export type GetIntegrationKeyError =
  | StatusError<"getIntegrationKey", "http_error", 401, ErrorResponse>
  | StatusError<"getIntegrationKey", "rate_limited", 429, UndocumentedBody>
  | StatusError<"getIntegrationKey", "http_error" | "rate_limited", Exclude<HttpStatus, 401 | 429>, ErrorResponse>
  | StatusError<"getIntegrationKey", "rate_limited" | "unexpected_status", Exclude<HttpStatus, 401 | 429>, unknown>
  | ResponseError<"getIntegrationKey">
  | RequestError<"getIntegrationKey">;

/** Every error of `deleteIntegrationKey`. */
export type DeleteIntegrationKeyError =
  | StatusError<"deleteIntegrationKey", "http_error", 401, ErrorResponse>
  | StatusError<"deleteIntegrationKey", "rate_limited", 429, UndocumentedBody>
  | StatusError<"deleteIntegrationKey", "http_error" | "rate_limited", Exclude<HttpStatus, 401 | 429>, ErrorResponse>
  | StatusError<"deleteIntegrationKey", "rate_limited" | "unexpected_status", Exclude<HttpStatus, 401 | 429>, unknown>
  | ResponseError<"deleteIntegrationKey">
  | RequestError<"deleteIntegrationKey">;

/** The operations, by operationId. */
export type SmoochKeysOperationId = "listAppKeys" | "createAppKey" | "getAppKey" | "deleteAppKey" | "listIntegrationKeys" | "createIntegrationKey" | "getIntegrationKey" | "deleteIntegrationKey";

/** Every error `createSmoochKeys` and its client throw. Narrow it by `code`, or by `operationId` and `status`, which types `body`. */
export type SmoochKeysError = ListAppKeysError | CreateAppKeyError | GetAppKeyError | DeleteAppKeyError | ListIntegrationKeysError | CreateIntegrationKeyError | GetIntegrationKeyError | DeleteIntegrationKeyError | RequestError<SmoochKeysOperationId | undefined>;

/**
 * Sunshine Conversations API keys: Manage the API keys of Sunshine Conversations (Smooch) apps and custom integrations.
 *
 * @see {@link https://docs.smooch.io/rest/}
 */
export interface SmoochKeys extends AuthorisedClient<paths> {
  /**
   * List app keys
   *
   * Lists all API keys of an app. Needs the `account` scope.
   *
   * GET /v2/apps/{appId}/keys.
   *
   * @returns 200: The app's keys.
   * @throws {@link ListAppKeysError}, with `status` and `body` for
   * - 401: The credentials are missing or not accepted.
   * - 429: Too many requests; back off exponentially, with jitter. Its body is not documented.
   * - default: Any other failure.
   * @see {@link https://docs.smooch.io/rest/}
   */
  listAppKeys(input: ListAppKeysInput, options?: CallOptions): Promise<AppKeyListResponse>;

  /**
   * Create app key
   *
   * Creates an API key for an app. The answer includes the key's secret and id, which sign JSON Web Tokens for calls on behalf of the app. Needs the `account` scope.
   *
   * POST /v2/apps/{appId}/keys.
   *
   * @returns 201: The created key with its secret.
   * @throws {@link CreateAppKeyError}, with `status` and `body` for
   * - 401: The credentials are missing or not accepted.
   * - 429: Too many requests; back off exponentially, with jitter. Its body is not documented.
   * - default: Any other failure.
   * @see {@link https://docs.smooch.io/rest/}
   */
  createAppKey(input: CreateAppKeyInput, options?: CallOptions): Promise<CreatedAppKeyResponse>;

  /**
   * Get app key
   *
   * Returns an API key of an app. Needs the `account` scope.
   *
   * GET /v2/apps/{appId}/keys/{keyId}.
   *
   * @returns 200: The key.
   * @throws {@link GetAppKeyError}, with `status` and `body` for
   * - 401: The credentials are missing or not accepted.
   * - 404: No such key.
   * - 429: Too many requests; back off exponentially, with jitter. Its body is not documented.
   * - default: Any other failure.
   * @see {@link https://docs.smooch.io/rest/}
   */
  getAppKey(input: GetAppKeyInput, options?: CallOptions): Promise<AppKeyResponse>;

  /**
   * Delete app key
   *
   * Removes an API key of an app. Needs the `account` scope.
   *
   * DELETE /v2/apps/{appId}/keys/{keyId}.
   *
   * @returns 200: The key was removed.
   * @throws {@link DeleteAppKeyError}, with `status` and `body` for
   * - 401: The credentials are missing or not accepted.
   * - 404: No such app.
   * - 429: Too many requests; back off exponentially, with jitter. Its body is not documented.
   * - default: Any other failure.
   * @see {@link https://docs.smooch.io/rest/}
   */
  deleteAppKey(input: DeleteAppKeyInput, options?: CallOptions): Promise<void>;

  /**
   * List integration keys
   *
   * Lists all API keys of a custom integration. Needs the `app` or `account` scope.
   *
   * GET /v2/apps/{appId}/integrations/{integrationId}/keys.
   *
   * @returns 200: The integration's keys.
   * @throws {@link ListIntegrationKeysError}, with `status` and `body` for
   * - 400: The integration is not a custom one.
   * - 401: The credentials are missing or not accepted.
   * - 429: Too many requests; back off exponentially, with jitter. Its body is not documented.
   * - default: Any other failure.
   * @see {@link https://docs.smooch.io/rest/}
   */
  listIntegrationKeys(input: ListIntegrationKeysInput, options?: CallOptions): Promise<IntegrationKeyListResponse>;

  /**
   * Create integration key
   *
   * Creates an API key for a custom integration. The answer includes the key's secret and id, which sign JSON Web Tokens for calls on behalf of the integration. Needs the `app` or `account` scope.
   *
   * POST /v2/apps/{appId}/integrations/{integrationId}/keys.
   *
   * @returns 201: The created key with its secret.
   * @throws {@link CreateIntegrationKeyError}, with `status` and `body` for
   * - 401: The credentials are missing or not accepted.
   * - 429: Too many requests; back off exponentially, with jitter. Its body is not documented.
   * - default: Any other failure.
   * @see {@link https://docs.smooch.io/rest/}
   */
  createIntegrationKey(input: CreateIntegrationKeyInput, options?: CallOptions): Promise<CreatedIntegrationKeyResponse>;

  /**
   * Get integration key
   *
   * Returns an API key of a custom integration. Needs the `app` or `account` scope.
   *
   * GET /v2/apps/{appId}/integrations/{integrationId}/keys/{keyId}.
   *
   * @returns 200: The key.
   * @throws {@link GetIntegrationKeyError}, with `status` and `body` for
   * - 401: The credentials are missing or not accepted.
   * - 429: Too many requests; back off exponentially, with jitter. Its body is not documented.
   * - default: Any other failure.
   * @see {@link https://docs.smooch.io/rest/}
   */
  getIntegrationKey(input: GetIntegrationKeyInput, options?: CallOptions): Promise<IntegrationKeyResponse>;

  /**
   * Delete integration key
   *
   * Removes an API key of a custom integration. Needs the `app` or `account` scope.
   *
   * DELETE /v2/apps/{appId}/integrations/{integrationId}/keys/{keyId}.
   *
   * @returns 200: The key was removed.
   * @throws {@link DeleteIntegrationKeyError}, with `status` and `body` for
   * - 401: The credentials are missing or not accepted.
   * - 429: Too many requests; back off exponentially, with jitter. Its body is not documented.
   * - default: Any other failure.
   * @see {@link https://docs.smooch.io/rest/}
   */
  deleteIntegrationKey(input: DeleteIntegrationKeyInput, options?: CallOptions): Promise<void>;
}
