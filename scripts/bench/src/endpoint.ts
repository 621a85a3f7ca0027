import { type Child, startChild } from "./child.ts";

/** A token's lifetime as every party spells it: long enough for a run. */
const HOUR_S = 3600;

/** What every request is answered, so that every client reads the same bytes: a token, by all the names they look for. */
export const ANSWER = {
  accessToken: "example-token",
  expireIn: HOUR_S,
  access_token: "example-token",
  expires_in: HOUR_S,
  token_type: "Bearer",
  token: "example-token",
  expires_at: new Date(Date.now() + HOUR_S * 1000).toISOString(),
  permissions: {},
  keys: [],
};

/** The header of those who obtain no token themselves. */
export const AUTHORIZATION = `Bearer ${ANSWER.accessToken}`;

/** Where a subject sends its requests. */
export interface Endpoint {
  readonly url: `http://127.0.0.1:${number}`;
  /** Takes the place of the global `fetch`. */
  readonly fetch?: typeof fetch;
}

/** Answers at once, without a socket: what is left is the client's own work. */
export const STUBBED: Endpoint = {
  url: "http://127.0.0.1:1",
  fetch: async () => new Response(JSON.stringify(ANSWER), { headers: { "content-type": "application/json" } }),
};

/** Starts the server on loopback; asked anything, it says how many requests it got. */
export function startEndpoint(delayMs = 0): Promise<Child<Endpoint["url"]>> {
  return startChild(new URL("loopback-server.ts", import.meta.url), { args: [String(delayMs)] });
}
