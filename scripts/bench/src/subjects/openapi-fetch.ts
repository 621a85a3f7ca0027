import type { paths } from "@org/klavi-auth/schema";
import createClient from "openapi-fetch";
import { AUTHORIZATION } from "../endpoint.ts";
import { PATH } from "./endpoints.ts";
import type { Subject } from "./subject.ts";

/** As its documentation has it: a middleware sets the header. */
export const subject: Subject = {
  call({ url, fetch }) {
    const client = createClient<paths>({ baseUrl: url, ...(fetch && { fetch }) });
    client.use({
      onRequest({ request }) {
        request.headers.set("authorization", AUTHORIZATION);
        return request;
      },
    });
    return async () => (await client.GET(PATH)).data;
  },
};
