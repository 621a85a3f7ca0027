// Generated from specs/kua-auth.yaml by `pnpm generate`. Do not edit.

import type { Vendor } from "@org/auth-runtime";

/** What the runtime needs to know of the vendor. */
export const vendor = {
  package: "@org/kua-auth",
  servers: { production: { url: "https://api.kua.ai" } },
  credentials: { email: {}, password: { secret: true } },
  schemes: {
    bearerAuth: {
      in: "header",
      name: "Authorization",
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
      input: { email: "member", password: "member" },
      secrets: ["password"],
      encoding: "json",
      security: [],
      responses: { 201: "object", 401: "object", 500: "object", default: "object" },
    },
    getAccount: {
      method: "GET",
      path: "/core/api/v2/accounts",
      security: ["bearerAuth"],
      responses: { 200: "object", 401: "object", 500: "object", default: "object" },
    },
  },
} as const satisfies Vendor;
