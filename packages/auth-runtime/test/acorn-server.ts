import { type Fault, type FaultServer, type Reply, startFaultServer } from "@org/mock-servers/fault-server";
import { createVendorClient } from "../src/index.ts";
import { type Acorn, acorn, credentials } from "./acorn.ts";

// Time enough for a busy machine; only what never answers is waited for as long.
const attemptTimeoutMs = process.env["STRYKER_MUTATOR_WORKER"] === undefined ? 1000 : 200;
export const FAST = { backoffMs: 1, attemptTimeoutMs, timeoutMs: 10_000 };
export const token: Reply = { json: { token: "example-token", expiresIn: 3600 } };
/** Logins succeed; every other request is answered from a list, the last of which stays. */
export const serve = (...replies: (Reply | Fault)[]) => {
  let index = 0;
  return startFaultServer(({ path }) =>
    path === "/login" ? token : (replies[Math.min(index++, replies.length - 1)] as Reply),
  );
};
export const clientOf = ({ url }: FaultServer, http: object = FAST) =>
  createVendorClient<Acorn>(acorn, { ...credentials, server: url, http });
export const calls = ({ requests }: FaultServer) => requests.filter(({ path }) => path !== "/login").length;
export const good: Reply = { json: { id: "1" } };
