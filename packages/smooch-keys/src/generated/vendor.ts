// Generated from specs/smooch-keys.yaml by `pnpm generate`. Do not edit.

import type { Vendor } from "@org/auth-runtime";
import { auth, credentials, paths, variables } from "@org/auth-runtime/features";

/** What the runtime needs to know of the vendor. */
export const vendor = {
  package: "@org/smooch-keys",
  features: { credentials, paths, prepare: auth, variables },
  servers: {
    us: "https://api.smooch.io",
    eu: "https://api.eu-1.smooch.io",
    zendesk: { url: "https://{subdomain}.zendesk.com/sc" },
  },
  credentials: { keyId: {}, secret: { secret: true } },
  schemes: { basicAuth: { prefix: "Basic ", credentials: ["keyId", "secret"] } },
  security: ["basicAuth"],
  operations: {
    listAppKeys: {
      method: "GET",
      path: "/v2/apps/{appId}/keys",
      input: { appId: "path" },
      security: ["basicAuth"],
      responses: { 401: "object", 429: "any", "2XX": "object", default: "object" },
    },
    createAppKey: {
      method: "POST",
      path: "/v2/apps/{appId}/keys",
      input: { appId: "path", displayName: "member" },
      contentType: "application/json",
      security: ["basicAuth"],
      responses: { 401: "object", 429: "any", "2XX": "object", default: "object" },
    },
    getAppKey: {
      method: "GET",
      path: "/v2/apps/{appId}/keys/{keyId}",
      input: { appId: "path", keyId: "path" },
      security: ["basicAuth"],
      responses: { 401: "object", 404: "object", 429: "any", "2XX": "object", default: "object" },
    },
    deleteAppKey: {
      method: "DELETE",
      path: "/v2/apps/{appId}/keys/{keyId}",
      input: { appId: "path", keyId: "path" },
      security: ["basicAuth"],
      responses: { 401: "object", 404: "object", 429: "any", "2XX": "object?", default: "object" },
    },
    listIntegrationKeys: {
      method: "GET",
      path: "/v2/apps/{appId}/integrations/{integrationId}/keys",
      input: { appId: "path", integrationId: "path" },
      security: ["basicAuth"],
      responses: { 400: "object", 401: "object", 429: "any", "2XX": "object", default: "object" },
    },
    createIntegrationKey: {
      method: "POST",
      path: "/v2/apps/{appId}/integrations/{integrationId}/keys",
      input: { appId: "path", integrationId: "path", displayName: "member" },
      contentType: "application/json",
      security: ["basicAuth"],
      responses: { 401: "object", 429: "any", "2XX": "object", default: "object" },
    },
    getIntegrationKey: {
      method: "GET",
      path: "/v2/apps/{appId}/integrations/{integrationId}/keys/{keyId}",
      input: { appId: "path", integrationId: "path", keyId: "path" },
      security: ["basicAuth"],
      responses: { 401: "object", 429: "any", "2XX": "object", default: "object" },
    },
    deleteIntegrationKey: {
      method: "DELETE",
      path: "/v2/apps/{appId}/integrations/{integrationId}/keys/{keyId}",
      input: { appId: "path", integrationId: "path", keyId: "path" },
      security: ["basicAuth"],
      responses: { 401: "object", 429: "any", "2XX": "object?", default: "object" },
    },
  },
} as const satisfies Vendor;
