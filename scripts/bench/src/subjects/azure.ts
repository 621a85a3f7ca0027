import {
  bearerTokenAuthenticationPolicy,
  createHttpHeaders,
  createPipelineRequest,
  type PipelineResponse,
} from "@azure/core-rest-pipeline";
import { obtainToken } from "./obtain-token.ts";
import type { Subject } from "./subject.ts";

/** Its token cycler has no door of its own: this is the policy that asks it and sets the header, with nothing sent. */
export const subject: Subject = {
  getToken(endpoint) {
    const credential = {
      async getToken() {
        const { accessToken, expires_at } = await obtainToken(endpoint);
        return { token: accessToken, expiresOnTimestamp: Date.parse(expires_at) };
      },
    };
    const policy = bearerTokenAuthenticationPolicy({ credential, scopes: "example" });
    const request = createPipelineRequest({ url: "https://vendor.example" });
    const response: PipelineResponse = { request, status: 200, headers: createHttpHeaders() };
    return () => policy.sendRequest(request, async () => response);
  },
};
