import { PATH } from "./endpoints.ts";
import { createMiddlewareClient } from "./openapi-fetch.ts";
import type { Subject } from "./subject.ts";

const TIMEOUT_MS = 30_000;

/** A deadline, as the platform offers one: no limit of one request's own, and none of the answer's size. */
export const subject: Subject = {
  call(endpoint) {
    const client = createMiddlewareClient(endpoint);
    return async () => (await client.GET(PATH, { signal: AbortSignal.timeout(TIMEOUT_MS) })).data;
  },
};
