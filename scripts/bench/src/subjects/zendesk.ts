import { createRequire } from "node:module";
import type { Subject } from "./subject.ts";

interface Zendesk {
  ApiClient: new () => { basePath: string; authentications: { basicAuth: { username: string; password: string } } };
  AppKeysApi: new (client: unknown) => { listAppKeys(appId: string): Promise<unknown> };
}

/** Zendesk's own client; it has no types, and sends with `node:http`. */
export const subject: Subject = {
  call({ url }) {
    const zendesk = createRequire(import.meta.url)("sunshine-conversations-client") as Zendesk;
    const client = new zendesk.ApiClient();
    client.basePath = url;
    Object.assign(client.authentications.basicAuth, { username: "app_example", password: "example-secret" });
    const keys = new zendesk.AppKeysApi(client);
    return () => keys.listAppKeys("example");
  },
};
