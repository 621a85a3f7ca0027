// Generated from specs/unith-auth.yaml by `pnpm generate`. Do not edit.

import type { Vendor } from "@org/auth-runtime";

/** What the runtime needs to know of the vendor. */
export const vendor = {
  package: "@org/unith-auth",
  servers: { production: { url: "https://platform-api.unith.ai" } },
  credentials: { email: {}, secretKey: { secret: true } },
  schemes: {
    bearerAuth: {
      in: "header",
      name: "Authorization",
      prefix: "Bearer ",
      exchange: {
        operationId: "createToken",
        token: [["body", "data", "bearer"], ["body", "token"]],
        expiresIn: "jwt",
        lifetimeMs: 604800000,
      },
    },
  },
  security: ["bearerAuth"],
  operations: {
    createToken: {
      method: "POST",
      path: "/auth/token",
      input: { email: "member", secretKey: "member" },
      secrets: ["secretKey"],
      encoding: "json",
      security: [],
      responses: { 200: "object", 401: "any", 500: "any" },
    },
    generateSecretKey: {
      method: "PUT",
      path: "/user/generate-secret-key",
      security: ["bearerAuth"],
      responses: { 200: "any", 401: "any" },
    },
    deleteSecretKey: {
      method: "DELETE",
      path: "/user/delete-secret-key",
      security: ["bearerAuth"],
      responses: { 200: "any", 401: "any" },
    },
  },
} as const satisfies Vendor;
