import { type FaultServer, startFaultServer } from "@org/mock-servers/fault-server";
import axios from "axios";
import ky from "ky";
import { ofetch } from "ofetch";
import createClient from "openapi-fetch";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { createVendorClient } from "../src/index.ts";
import { type Acorn, acorn, credentials } from "./acorn.ts";

let issued = 0;
// The first token is revoked, so that every client has to live through a replay with its body intact.
const server: FaultServer = await startFaultServer(({ path, headers, body }) => {
  if (path === "/login") return { json: { token: `token-${++issued}`, expiresIn: 3600 } };
  if (headers["authorization"] !== "Bearer token-2") return { status: 401, json: {} };
  return { json: { got: JSON.parse(body) as unknown } };
});
afterAll(() => server.stop());
beforeEach(() => {
  issued = 0;
});

const url = `${server.url}/things`;
const sent = { name: "a thing" };
const authorised = () => createVendorClient<Acorn>(acorn, { ...credentials, server: server.url }).fetch;

interface Paths {
  "/things": {
    post: {
      requestBody: { content: { "application/json": { name: string } } };
      responses: { 200: { content: { "application/json": { got: unknown } } } };
    };
  };
}

describe("the authorised fetch serves as the fetch of", () => {
  const clients: [string, (fetch: typeof globalThis.fetch) => Promise<unknown>][] = [
    [
      "openapi-fetch",
      async (fetch) => (await createClient<Paths>({ baseUrl: server.url, fetch }).POST("/things", { body: sent })).data,
    ],
    ["ky", (fetch) => ky.post(url, { fetch, json: sent }).json()],
    ["ofetch", (fetch) => ofetch.create({}, { fetch })(url, { method: "POST", body: sent })],
    [
      "axios",
      async (fetch) =>
        (await axios.post(url, sent, { adapter: "fetch", env: { fetch, Request, Response: Response as never } }))
          .data as unknown,
    ],
  ];
  test.each(clients)("%s, which sends its body again after a 401", async (_, call) => {
    expect(await call(authorised())).toEqual({ got: sent });
    expect(issued).toBe(2);
  });
});
