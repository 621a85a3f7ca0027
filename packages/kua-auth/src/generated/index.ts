// Generated from specs/kua-auth.yaml by `pnpm generate`. Do not edit.

export type {
  AccessToken,
  Account,
  CreateEmailSessionError,
  CreateEmailSessionInput,
  EmailCredentials,
  ErrorBody,
  ErrorResponse,
  FaultBody,
  GetAccountError,
  GetAccountInput,
  KuaAuth,
  KuaAuthError,
  KuaAuthOperationId,
  KuaAuthOptions,
  KuaAuthServer,
} from "./client.ts";
