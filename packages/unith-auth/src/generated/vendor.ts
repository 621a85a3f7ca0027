// Generated from specs/unith-auth.yaml by `pnpm generate`. Do not edit.

import type { Vendor } from "@org/auth-runtime";
import { jwt, tokens } from "@org/auth-runtime/features";

/** What the runtime needs to know of the vendor. */
export const vendor = {
  package: "@org/unith-auth",
  features: { lifetime: jwt, tokens },
  servers: { production: "https://platform-api.unith.ai" },
  credentials: { email: {}, secretKey: { secret: true } },
  schemes: {
    bearerAuth: {
      prefix: "Bearer ",
      exchange: {
        operationId: "createToken",
        token: [["body", "data", "bearer"], ["body", "token"]],
        jwt: true,
        lifetimeMs: 604800000,
      },
    },
  },
  security: ["bearerAuth"],
  operations: {
    createToken: {
      method: "POST",
      path: "/auth/token",
      role: "exchange",
      input: { email: "member", secretKey: "member" },
      secrets: ["secretKey"],
      contentType: "application/json",
      security: [],
      responses: { 401: "any", 500: "any", "2XX": "object" },
    },
    generateSecretKey: {
      method: "PUT",
      path: "/user/generate-secret-key",
      retry: false,
      security: ["bearerAuth"],
      responses: { 401: "any", "2XX": "any" },
    },
    deleteSecretKey: {
      method: "DELETE",
      path: "/user/delete-secret-key",
      security: ["bearerAuth"],
      responses: { 401: "any", "2XX": "any" },
    },
  },
} as const satisfies Vendor;
