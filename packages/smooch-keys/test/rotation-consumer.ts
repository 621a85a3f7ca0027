import { createSmoochKeys, type SmoochKeysServer } from "../src/index.ts";
import type { RotationStep } from "../src/rotate.ts";

/** Where a key is: in an app, or in a custom integration of it. */
export interface Place {
  appId: string;
  integrationId?: string;
}
export interface Key {
  id: string;
  secret: string;
}
/** What a caller keeps between runs: the key it uses, and how far a rotation had come. */
export interface Kept {
  current: Key;
  progress?: RotationStep | undefined;
}
export interface Account {
  server: SmoochKeysServer & string;
  keyId: string;
  secret: string;
  /** Whether the vendor shows secrets where it lists keys; nobody knows. */
  hidesSecrets: boolean;
}

/** A client of the account. */
export function connect({ hidesSecrets, ...account }: Account, attemptTimeoutMs = 10_000) {
  const hiding: typeof fetch = async (...args) => {
    const response = await fetch(...args);
    if (new Request(...args).method !== "GET" || !response.ok) return response;
    return new Response((await response.text()).replace(/,"secret":"[^"]*"/g, ""), response);
  };
  const http = { attemptTimeoutMs, backoffMs: 1, maxResponseBytes: 100_000 };
  return createSmoochKeys({ ...account, http, ...(hidesSecrets && { fetch: hiding }) });
}

/** Whether the vendor accepts a key, on a path that takes any. */
export async function isAccepted({ server }: Account, { id: keyId, secret }: Key): Promise<boolean> {
  return (await createSmoochKeys({ keyId, secret, server }).fetch(`${server}/probe`)).ok;
}
