import { OAuth2Client } from "google-auth-library";
import type { Endpoint } from "../endpoint.ts";
import { PATH, TOKEN_PATH } from "./endpoints.ts";
import type { Subject } from "./subject.ts";

function createClient({ url, fetch }: Endpoint): OAuth2Client {
  const client = new OAuth2Client({
    clientId: "example",
    clientSecret: "example-secret",
    endpoints: { oauth2TokenUrl: `${url}${TOKEN_PATH}` },
    ...(fetch && { transporterOptions: { fetchImplementation: fetch } }),
  });
  client.setCredentials({ refresh_token: "example-refresh-token" });
  return client;
}

export const subject: Subject = {
  call(endpoint) {
    const client = createClient(endpoint);
    return async () => (await client.request({ url: `${endpoint.url}${PATH}` })).data;
  },
  getToken(endpoint) {
    const client = createClient(endpoint);
    return () => client.getAccessToken();
  },
};
