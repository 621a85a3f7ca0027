// Generated from specs/kua-auth.yaml by `pnpm generate`. Do not edit.

import type { Vendor } from "@org/auth-runtime";
import { seconds, tokens } from "@org/auth-runtime/features";

/** What the runtime needs to know of the vendor. */
export const vendor = {
  package: "@org/kua-auth",
  features: { lifetime: seconds, tokens },
  servers: { production: "https://api.kua.ai" },
  credentials: { email: {}, password: { secret: true } },
  schemes: {
    bearerAuth: {
      prefix: "Bearer ",
      exchange: {
        operationId: "createEmailSession",
        token: [["body", "accessToken"]],
        expiresIn: ["body", "expiresIn"],
        lifetimeMs: 86400000,
      },
    },
  },
  security: ["bearerAuth"],
  operations: {
    createEmailSession: {
      method: "POST",
      path: "/core/api/v2/accounts/sessions/email",
      role: "exchange",
      input: { email: "member", password: "member" },
      secrets: ["password"],
      contentType: "application/json",
      security: [],
      responses: { 401: "object", 500: "object", "2XX": "object", default: "object" },
    },
    getAccount: {
      method: "GET",
      path: "/core/api/v2/accounts",
      security: ["bearerAuth"],
      responses: { 401: "object", 500: "object", "2XX": "object", default: "object" },
    },
  },
} as const satisfies Vendor;
