// Generated from specs/smooch-keys.yaml by `pnpm generate`. Do not edit.

import type { Vendor } from "@org/auth-runtime";

/** What the runtime needs to know of the vendor. */
export const vendor = {
  package: "@org/smooch-keys",
  servers: {
    us: { url: "https://api.smooch.io" },
    eu: { url: "https://api.eu-1.smooch.io" },
    zendesk: { url: "https://{subdomain}.zendesk.com/sc" },
  },
  credentials: { keyId: {}, secret: { secret: true } },
  schemes: {
    basicAuth: { in: "header", name: "Authorization", prefix: "Basic ", credentials: ["keyId", "secret"] },
  },
  security: ["basicAuth"],
  operations: {
    listAppKeys: {
      method: "GET",
      path: "/v2/apps/{appId}/keys",
      input: { appId: "path" },
      security: ["basicAuth"],
      responses: { 200: "object", 401: "object", 429: "any", default: "object" },
    },
    createAppKey: {
      method: "POST",
      path: "/v2/apps/{appId}/keys",
      input: { appId: "path", displayName: "member" },
      encoding: "json",
      security: ["basicAuth"],
      responses: { 201: "object", 401: "object", 429: "any", default: "object" },
    },
    getAppKey: {
      method: "GET",
      path: "/v2/apps/{appId}/keys/{keyId}",
      input: { appId: "path", keyId: "path" },
      security: ["basicAuth"],
      responses: { 200: "object", 401: "object", 404: "object", 429: "any", default: "object" },
    },
    deleteAppKey: {
      method: "DELETE",
      path: "/v2/apps/{appId}/keys/{keyId}",
      input: { appId: "path", keyId: "path" },
      security: ["basicAuth"],
      responses: { 200: "object", 401: "object", 404: "object", 429: "any", default: "object" },
    },
    listIntegrationKeys: {
      method: "GET",
      path: "/v2/apps/{appId}/integrations/{integrationId}/keys",
      input: { appId: "path", integrationId: "path" },
      security: ["basicAuth"],
      responses: { 200: "object", 400: "object", 401: "object", 429: "any", default: "object" },
    },
    createIntegrationKey: {
      method: "POST",
      path: "/v2/apps/{appId}/integrations/{integrationId}/keys",
      input: { appId: "path", integrationId: "path", displayName: "member" },
      encoding: "json",
      security: ["basicAuth"],
      responses: { 201: "object", 401: "object", 429: "any", default: "object" },
    },
    getIntegrationKey: {
      method: "GET",
      path: "/v2/apps/{appId}/integrations/{integrationId}/keys/{keyId}",
      input: { appId: "path", integrationId: "path", keyId: "path" },
      security: ["basicAuth"],
      responses: { 200: "object", 401: "object", 429: "any", default: "object" },
    },
    deleteIntegrationKey: {
      method: "DELETE",
      path: "/v2/apps/{appId}/integrations/{integrationId}/keys/{keyId}",
      input: { appId: "path", integrationId: "path", keyId: "path" },
      security: ["basicAuth"],
      responses: { 200: "object", 401: "object", 429: "any", default: "object" },
    },
  },
} as const satisfies Vendor;
