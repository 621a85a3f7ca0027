import type { paths } from "@org/klavi-auth/schema";
import createClient from "openapi-fetch";
import { AUTHORIZATION, type Endpoint } from "../endpoint.ts";
import { PATH } from "./endpoints.ts";
import type { Subject } from "./subject.ts";

/** As its documentation has it: a middleware sets the header. */
export function createMiddlewareClient({ url, fetch }: Endpoint) {
  const client = createClient<paths>({ baseUrl: url, ...(fetch && { fetch }) });
  client.use({
    onRequest({ request }) {
      request.headers.set("authorization", AUTHORIZATION);
      return request;
    },
  });
  return client;
}

export const subject: Subject = {
  call(endpoint) {
    const client = createMiddlewareClient(endpoint);
    return async () => (await client.GET(PATH)).data;
  },
};
