import { createTokenAuth } from "@octokit/auth-token";
import { request } from "@octokit/request";
import { ANSWER } from "../endpoint.ts";
import { PATH } from "./endpoints.ts";
import type { Subject } from "./subject.ts";

export const subject: Subject = {
  call({ url, fetch }) {
    const { hook } = createTokenAuth(ANSWER.token);
    const client = request.defaults({ baseUrl: url, request: { hook, ...(fetch && { fetch }) } });
    return async () => (await client(`GET ${PATH}`)).data;
  },
};
