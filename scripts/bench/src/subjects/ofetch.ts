import { createFetch } from "ofetch";
import { AUTHORIZATION } from "../endpoint.ts";
import { PATH } from "./endpoints.ts";
import type { Subject } from "./subject.ts";

export const subject: Subject = {
  call({ url, fetch = globalThis.fetch }) {
    const client = createFetch({ fetch, Headers, AbortController }).create({
      baseURL: url,
      headers: { authorization: AUTHORIZATION },
    });
    return () => client(PATH);
  },
};
