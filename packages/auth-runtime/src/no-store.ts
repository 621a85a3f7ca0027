import type { FetchInput } from "./http.ts";
import { isRequest, membersOf } from "./request-input.ts";

/**
 * Asks frameworks that cache `fetch` to keep no answer: Next.js 14 would put a token exchange on disk. What the caller says of
 * caches, by `cache`, by Next's `next` or by a `Request`, stays.
 */
export function noStore<Init extends RequestInit | undefined>(init: Init, input?: FetchInput): Init | RequestInit {
  const { cache, next } = Object(init) as { cache?: unknown; next?: unknown };
  if (cache !== undefined || next !== undefined || isRequest(init) || isRequest(input) || !isSupported()) return init;
  return { ...membersOf(init), cache: "no-store" };
}

/** Old workerd throws for a `cache`; React Native's polyfill makes another URL of it. */
function isSupported(): boolean {
  const { Request: request, navigator } = globalThis as { Request?: typeof Request; navigator?: { product?: string } };
  return "cache" in Object(request?.prototype) && navigator?.product !== "ReactNative";
}
