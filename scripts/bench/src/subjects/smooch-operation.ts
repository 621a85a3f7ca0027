import { createSmoochKeys } from "@org/smooch-keys";
import type { Subject } from "./subject.ts";

/** What Zendesk's own client does, with ours. */
export const subject: Subject = {
  call({ url, fetch }) {
    const smooch = createSmoochKeys({ keyId: "app_example", secret: "example-secret", server: url, fetch });
    return () => smooch.listAppKeys({ appId: "example" });
  },
};
