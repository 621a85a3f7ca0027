// Generated from specs/klavi-auth.yaml by `pnpm generate`. Do not edit.

import type { Vendor } from "@org/auth-runtime";

/** What the runtime needs to know of the vendor. */
export const vendor = {
  package: "@org/klavi-auth",
  servers: { sandbox: { url: "https://api-sandbox.klavi.ai" }, production: { url: "https://api.klavi.ai" } },
  credentials: { accessKey: {}, secretKey: { secret: true } },
  schemes: {
    bearerAuth: {
      in: "header",
      name: "Authorization",
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
      input: { accessKey: "member", secretKey: "member" },
      secrets: ["secretKey"],
      encoding: "json",
      security: [],
      responses: { 200: "object", 400: "any", 401: "object", 429: "any", 500: "any" },
    },
    refreshAccessToken: {
      method: "GET",
      path: "/monitor/v1/refresh",
      security: ["bearerAuth"],
      responses: { 200: "object", 401: "any", 429: "any", 500: "any" },
    },
  },
} as const satisfies Vendor;
