// Generated from specs/klavi-auth.yaml by `pnpm generate`. Do not edit.

import type { Vendor } from "@org/auth-runtime";
import { refresh, seconds, tokens } from "@org/auth-runtime/features";

/** What the runtime needs to know of the vendor. */
export const vendor = {
  package: "@org/klavi-auth",
  features: { lifetime: seconds, refresh, tokens },
  servers: { sandbox: "https://api-sandbox.klavi.ai", production: "https://api.klavi.ai" },
  credentials: { accessKey: {}, secretKey: { secret: true } },
  schemes: {
    bearerAuth: {
      prefix: "Bearer ",
      exchange: {
        operationId: "createAccessToken",
        token: [["body", "accessToken"]],
        expiresIn: ["body", "expireIn"],
        lifetimeMs: 1800000,
        refresh: "refreshAccessToken",
      },
    },
  },
  security: ["bearerAuth"],
  operations: {
    createAccessToken: {
      method: "POST",
      path: "/monitor/v1/auth",
      role: "exchange",
      input: { accessKey: "member", secretKey: "member" },
      secrets: ["secretKey"],
      contentType: "application/json",
      security: [],
      responses: { 400: "any", 401: "object", 429: "any", 500: "any", "2XX": "object" },
    },
    refreshAccessToken: {
      method: "GET",
      path: "/monitor/v1/refresh",
      role: "refresh",
      security: ["bearerAuth"],
      responses: { 401: "any", 429: "any", 500: "any", "2XX": "object" },
    },
  },
} as const satisfies Vendor;
