// Generated from specs/klavi-auth.yaml by `pnpm generate`. Do not edit.

export type {
  AccessToken,
  AccessTokenRequest,
  CreateAccessTokenError,
  CreateAccessTokenInput,
  ErrorBody,
  KlaviAuth,
  KlaviAuthError,
  KlaviAuthOperationId,
  KlaviAuthOptions,
  KlaviAuthServer,
  RefreshAccessTokenError,
  RefreshAccessTokenInput,
  UndocumentedBody,
} from "./client.ts";
