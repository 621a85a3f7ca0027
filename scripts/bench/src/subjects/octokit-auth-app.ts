import { generateKeyPairSync } from "node:crypto";
import { createAppAuth } from "@octokit/auth-app";
import { request } from "@octokit/request";
import type { Subject } from "./subject.ts";

const { privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});

export const subject: Subject = {
  getToken({ url }) {
    const client = request.defaults({ baseUrl: url });
    const auth = createAppAuth({ appId: 1, privateKey, installationId: 1, request: client });
    return () => auth({ type: "installation" });
  },
};
