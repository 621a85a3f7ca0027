// Generated from specs/unith-auth.yaml by `pnpm generate`. Do not edit.

export type {
  BearerToken,
  CreateTokenError,
  CreateTokenInput,
  DeleteSecretKeyError,
  DeleteSecretKeyInput,
  FlatToken,
  GenerateSecretKeyError,
  GenerateSecretKeyInput,
  NestedToken,
  TokenRequest,
  TokenResponse,
  UndocumentedBody,
  UnithAuth,
  UnithAuthError,
  UnithAuthOperationId,
  UnithAuthOptions,
  UnithAuthServer,
} from "./client.ts";
