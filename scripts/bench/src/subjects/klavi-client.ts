import { PATH } from "./endpoints.ts";
import { klaviFor } from "./klavi.ts";
import type { Subject } from "./subject.ts";

export const subject: Subject = {
  call(endpoint) {
    const { client } = klaviFor(endpoint);
    return async () => (await client.GET(PATH)).data;
  },
};
