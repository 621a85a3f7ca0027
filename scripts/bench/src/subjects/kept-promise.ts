import { obtainToken } from "./obtain-token.ts";
import type { Subject } from "./subject.ts";

/** The limit: nothing is asked of the token, not even whether it has expired. */
export const subject: Subject = {
  getToken(endpoint) {
    let kept: Promise<unknown> | undefined;
    return async () => {
      kept ??= obtainToken(endpoint);
      return await kept;
    };
  },
};
