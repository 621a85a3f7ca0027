import { klaviFor } from "./klavi.ts";
import type { Subject } from "./subject.ts";

/** With its deadlines, retries and size limit. */
export const subject: Subject = {
  call(endpoint) {
    const klavi = klaviFor(endpoint);
    return () => klavi.refreshAccessToken();
  },
};
