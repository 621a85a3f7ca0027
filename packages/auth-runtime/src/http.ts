import { type ErrorCode, type ErrorDetails, isVendorError, systemCode, type VendorError } from "./errors.ts";
import type { BodyKind, OperationDescription } from "./vendor.ts";

/** Options of one call. */
export interface CallOptions {
  /** Ends the call with `aborted`. */
  signal?: AbortSignal | undefined;
  /** Further headers of the request. */
  headers?: RequestInit["headers"] | undefined;
  /** How long the call may take in all, in milliseconds. Default: `http.timeoutMs` of the client; `Infinity` sets no limit. */
  timeoutMs?: number | undefined;
}

/** How token exchanges and operations are sent. `fetch` and `client` leave deadlines and retries to their caller. */
export interface HttpOptions {
  /** How often a request is sent at the most, from 1. Default: 3. Only what is idempotent, and the token exchange, is sent again. */
  attempts?: number | undefined;
  /** How long one attempt may take, in milliseconds. Default: 10,000; `Infinity` sets no limit, 0 lets none succeed. */
  attemptTimeoutMs?: number | undefined;
  /** How long all attempts may take together, in milliseconds. Default: 30,000; `Infinity` sets no limit. */
  timeoutMs?: number | undefined;
  /** The pause before the second attempt, in milliseconds, at the most; doubled for each further one. Default: 100. */
  backoffMs?: number | undefined;
  /** How much of an answer is read, in bytes; more of it is `invalid_response`. Default: 1,048,576. */
  maxResponseBytes?: number | undefined;
}

export type HttpPolicy = { readonly [Name in keyof HttpOptions]-?: number };
export const DEFAULT_HTTP: HttpPolicy = {
  attempts: 3,
  attemptTimeoutMs: 10_000,
  timeoutMs: 30_000,
  backoffMs: 100,
  maxResponseBytes: 2 ** 20,
};

/** The longest delay a timer takes: beyond it, it would fire at once. */
export const MAX_TIMER_MS = 2 ** 31 - 1;

type Refuse = (message: string) => Error;

/** Checks a call's options at the door. */
export function checkCallOptions(options: unknown, refuse: Refuse): void {
  if (typeof options !== "object" || options === null) throw refuse("pass its options as an object");
  checkNames(options, ["signal", "headers", "timeoutMs"], refuse);
  const { signal, timeoutMs = 0 } = options as { signal?: unknown; timeoutMs?: unknown };
  if (typeof timeoutMs !== "number" || !(timeoutMs >= 0)) throw refuse("timeoutMs has to be a number, 0 or more");
  checkSignal(signal, refuse);
}

/** Whether a credential or token can be sent in a header as it is: no blanks, no line breaks, ASCII only. */
export function isHeaderSafe(value: unknown): value is string {
  return typeof value === "string" && /^[\x21-\x7e]+$/.test(value);
}

export function checkNames(options: object, known: readonly string[], refuse: Refuse): void {
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown !== undefined) throw refuse(`there is no option "${unknown}"; the options are ${known.join(", ")}`);
}

export function checkSignal(signal: unknown, refuse: Refuse): void {
  if (signal !== undefined && !(signal instanceof AbortSignal)) throw refuse("signal has to be an AbortSignal");
}

/** A signal that aborts after a delay, or none for a delay no timer can keep. */
export function timeoutSignal(delayMs: number): AbortSignal | undefined {
  return delayMs <= MAX_TIMER_MS ? AbortSignal.timeout(Math.ceil(delayMs)) : undefined;
}

export function anySignal(signals: readonly (AbortSignal | null | undefined)[]): AbortSignal | undefined {
  const present = signals.filter((signal) => signal instanceof AbortSignal);
  return present.length > 1 ? AbortSignal.any(present) : present[0];
}

/** Limits each request it sends, and the reading of its answer; waiting for a token is not part of an attempt. */
export function withAttemptTimeout(send: typeof fetch, timeoutMs: number): typeof fetch {
  return (input, init) => {
    const signal = anySignal([init?.signal, timeoutSignal(timeoutMs)]);
    return untilAborted(send(input, { ...init, signal: signal ?? null }), signal);
  };
}

/** Settles as the work does, or rejects when the signal aborts, whatever the work then does. */
export function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop);
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}

export function sleep(delayMs: number, signal: AbortSignal | undefined): Promise<void> {
  let timer: ReturnType<typeof setTimeout>;
  const pause = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, Math.min(delayMs, MAX_TIMER_MS));
  });
  return untilAborted(pause, signal).finally(() => clearTimeout(timer));
}

/** Reads a body up to a limit; `undefined` if there is more. */
export async function readBytes({ body }: Request | Response, maxBytes: number): Promise<Uint8Array[] | undefined> {
  const chunks: Uint8Array[] = [];
  const reader = body?.getReader();
  for (let size = 0; reader; ) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.byteLength;
    if (size > maxBytes) {
      await reader.cancel();
      return undefined;
    }
    chunks.push(value);
  }
  return chunks;
}

export async function readText(response: Response, maxBytes: number): Promise<string | undefined> {
  const chunks = await readBytes(response, maxBytes);
  return chunks && new Blob(chunks as Uint8Array<ArrayBuffer>[]).text();
}

/** The error of a request that got no answer, or only the beginning of one. */
export function requestError(
  fail: (code: ErrorCode, message: string, details: ErrorDetails) => VendorError,
  url: string,
  caught: unknown,
  signal: AbortSignal | undefined,
  hasBegun: boolean,
): VendorError {
  const { origin } = new URL(url);
  const details = { cause: caught };
  if (signal?.aborted) return fail("aborted", ": the caller's signal ended the call", details);
  // What the authorised fetch refused knows no operation; its message begins with the package, as this one does.
  if (isVendorError(caught) && caught.code !== "aborted")
    return fail(caught.code, `: ${caught.message.replace(/^\[.*?\] /, "")}`, {});
  if (isVendorError(caught) || (caught as { name?: unknown } | undefined)?.name === "TimeoutError") {
    return fail("timeout", `: no complete answer from ${origin} in time`, details);
  }
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
