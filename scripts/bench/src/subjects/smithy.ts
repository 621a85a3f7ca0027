import { memoize } from "@smithy/property-provider";
import { obtainToken } from "./obtain-token.ts";
import type { Subject } from "./subject.ts";

const SPARE_MS = 300_000;

/** As the AWS SDK uses it for credentials. */
export const subject: Subject = {
  getToken(endpoint) {
    return memoize(
      async () => ({ ...(await obtainToken(endpoint)), expiration: Date.now() + 3_600_000 }),
      ({ expiration }) => expiration - Date.now() < SPARE_MS,
      () => true,
    );
  },
};
