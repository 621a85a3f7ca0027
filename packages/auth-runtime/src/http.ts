import { type ErrorCode, systemCode, VendorError } from "./errors.ts";
import type { BodyKind, OperationDescription } from "./vendor.ts";

/** Options of one call. */
export interface CallOptions {
  /** Ends the call with `aborted`. */
  signal?: AbortSignal | undefined;
  /** Further headers of the request. */
  headers?: HeadersInit | undefined;
  /** How long the call may take in all, in milliseconds. Default: 30,000; `Infinity` sets no limit. */
  timeoutMs?: number | undefined;
}

export const DEFAULT_TIMEOUT_MS = 30_000;
/** The longest delay a timer takes: beyond it, it would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** The call's own deadline joined with the caller's signal. */
export function deadlineOf({ signal, timeoutMs = DEFAULT_TIMEOUT_MS }: CallOptions): {
  signal: AbortSignal | undefined;
  hasTimedOut: () => boolean;
} {
  const timeout = timeoutMs <= MAX_TIMER_MS ? AbortSignal.timeout(timeoutMs) : undefined;
  const signals = [signal, timeout].filter((each) => each !== undefined);
  return {
    signal: signals.length > 1 ? AbortSignal.any(signals) : signals[0],
    hasTimedOut: () => timeout?.aborted ?? false,
  };
}

/** The error of a request that got no answer. */
export function requestError(
  packageName: string,
  operationId: string,
  url: string,
  caught: unknown,
  { signal, timeoutMs = DEFAULT_TIMEOUT_MS }: CallOptions,
  hasTimedOut: boolean,
): VendorError {
  const { origin } = new URL(url);
  const fail = (code: ErrorCode, message: string) =>
    new VendorError(packageName, code, `${operationId}: ${message}`, { operationId, cause: caught });
  if (signal?.aborted) return fail("aborted", "the caller's signal ended the call");
  if (hasTimedOut) return fail("timeout", `no answer from ${origin} within ${timeoutMs} ms`);
  const code = systemCode(caught);
  return fail("network_error", `cannot reach ${origin}${code ? ` (${code})` : ""}; is it running, and the network up?`);
}

/** A body as it arrived: parsed where it is JSON, its text where not, `undefined` where it is empty. */
export interface ReadBody {
  readonly value: unknown;
  readonly kind: "json" | "text" | "empty";
}

export async function readBody(response: Response): Promise<ReadBody> {
  const text = await response.text();
  if (text === "") return { value: undefined, kind: "empty" };
  if (/^text\/plain\b/i.test(response.headers.get("Content-Type") ?? "")) return { value: text, kind: "text" };
  try {
    return { value: JSON.parse(text) as unknown, kind: "json" };
  } catch {
    return { value: text, kind: "text" };
  }
}

/** Whether a body is what the spec documents, as far as its type can be believed without checking every member. */
export function isOfKind({ value, kind }: ReadBody, documented: BodyKind): boolean {
  switch (documented) {
    case "any":
      return true;
    case "object":
      return kind === "json" && typeof value === "object" && value !== null && !Array.isArray(value);
    case "empty":
      // What comes along unannounced is dropped.
      return true;
    default:
      return kind === documented;
  }
}

/** The documented body of a status: by number, by range, by `default`. A 2xx nobody lists counts as the listed success. */
export function documentedKind(
  { responses }: OperationDescription,
  status: number,
): { kind: BodyKind | undefined; isListed: boolean } {
  const hundred = String(status)[0];
  const listed = responses[status] ?? responses[`${hundred}XX`];
  if (listed !== undefined) return { kind: listed, isListed: true };
  const success = hundred === "2" ? Object.keys(responses).find((key) => key.startsWith("2")) : undefined;
  return { kind: responses[success ?? "default"], isListed: false };
}

/** `Retry-After` in milliseconds, from seconds or a date (RFC 9110 section 10.2.3). */
export function retryAfterMs(headers: Headers, now: number): number | undefined {
  const value = headers.get("Retry-After")?.trim();
  if (!value) return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
