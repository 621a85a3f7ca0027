import { PATH } from "./endpoints.ts";
import { POST } from "./fetch-request.ts";
import { klaviFor } from "./klavi.ts";
import type { Subject } from "./subject.ts";

export const subject: Subject = {
  call(endpoint) {
    const klavi = klaviFor(endpoint);
    const target = `${endpoint.url}${PATH}`;
    return async () => (await klavi.fetch(new Request(target, POST))).json();
  },
};
