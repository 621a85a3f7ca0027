import { type ErrorCode, type ErrorDetails, isVendorError, systemCode, type VendorError } from "./errors.ts";
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

/** Checks a call's options at the door. */
export function checkCallOptions(options: unknown, refuse: (message: string) => Error): void {
  if (typeof options !== "object" || options === null) throw refuse("pass its options as an object");
  const unknown = Object.keys(options).find((name) => !["signal", "headers", "timeoutMs"].includes(name));
  if (unknown !== undefined)
    throw refuse(`there is no option "${unknown}"; the options are signal, headers, timeoutMs`);
  const { signal, timeoutMs = 0 } = options as { signal?: unknown; timeoutMs?: unknown };
  if (typeof timeoutMs !== "number" || !(timeoutMs >= 0)) throw refuse("timeoutMs has to be a number, 0 or more");
  checkSignal(signal, refuse);
}

export function checkSignal(signal: unknown, refuse: (message: string) => Error): void {
  if (signal !== undefined && !(signal instanceof AbortSignal)) throw refuse("signal has to be an AbortSignal");
}

/** The call's own deadline joined with the caller's signal. */
export function deadlineOf({ signal, timeoutMs = DEFAULT_TIMEOUT_MS }: CallOptions) {
  const timeout = timeoutMs <= MAX_TIMER_MS ? AbortSignal.timeout(Math.ceil(timeoutMs)) : undefined;
  const signals = [signal, timeout].filter((each) => each !== undefined);
  return {
    signal: signals.length > 1 ? AbortSignal.any(signals) : signals[0],
    hasTimedOut: () => timeout?.aborted ?? false,
  };
}

/** The error of a request that got no answer, or only the beginning of one. */
export function requestError(
  fail: (code: ErrorCode, message: string, details: ErrorDetails) => VendorError,
  url: string,
  caught: unknown,
  { signal, timeoutMs = DEFAULT_TIMEOUT_MS }: CallOptions,
  hasTimedOut: boolean,
  hasBegun: boolean,
): VendorError {
  const { origin } = new URL(url);
  const details = { cause: caught };
  if (signal?.aborted) return fail("aborted", ": the caller's signal ended the call", details);
  if (hasTimedOut) return fail("timeout", `: no answer from ${origin} within ${timeoutMs} ms`, details);
  // What the authorised fetch refused knows no operation; its message begins with the package, as this one does.
  if (isVendorError(caught)) return fail(caught.code, `: ${caught.message.replace(/^\[.*?\] /, "")}`, {});
  const code = systemCode(caught);
  const why = code ? ` (${code})` : "";
  return hasBegun
    ? fail("network_error", `: the connection to ${origin} broke before its answer was complete${why}`, details)
    : fail("network_error", `: cannot reach ${origin}${why}; is it running, and the network up?`, details);
}

/** A body as far as it is understood: parsed where it is JSON, its text where not, `undefined` where it is empty. */
export interface ReadBody {
  readonly value: unknown;
  /** It is what the spec documents, as far as a type can be believed without checking every member. */
  readonly isDocumented: boolean;
}

/** Reads a body's text as the kind the spec documents; `undefined` where it documents nothing for the status. */
export function interpret(text: string, kind: BodyKind | undefined): ReadBody {
  // What comes along unannounced is dropped.
  if (kind === "empty") return { value: undefined, isDocumented: true };
  if (kind === "text") return { value: text, isDocumented: true };
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return { value, isDocumented: kind === "object" ? isObject : kind !== undefined };
  } catch {
    return { value: text === "" ? undefined : text, isDocumented: kind === "any" };
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
