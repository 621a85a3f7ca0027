import { AUTHORIZATION } from "../endpoint.ts";
import { PATH } from "./endpoints.ts";
import type { Subject } from "./subject.ts";

/** A request with a body, as a `Request` holds it. */
export const POST: RequestInit = { method: "POST", body: '{"name":"example"}' };

/** The limit for the row of ours that is given a `Request`. */
export const subject: Subject = {
  call({ url, fetch = globalThis.fetch }) {
    const target = `${url}${PATH}`;
    const init = { ...POST, headers: { authorization: AUTHORIZATION } };
    return async () => (await fetch(new Request(target, init))).json();
  },
};
