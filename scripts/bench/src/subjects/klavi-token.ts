import { klaviFor } from "./klavi.ts";
import type { Subject } from "./subject.ts";

export const subject: Subject = {
  getToken(endpoint) {
    const klavi = klaviFor(endpoint);
    return () => klavi.getToken();
  },
};
