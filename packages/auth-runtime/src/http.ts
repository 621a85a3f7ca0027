import {
  type Fail,
  isNetworkError,
  memberOf,
  nameAsTheirs,
  passRenderEnd,
  safeCopy,
  systemCodeOf,
  type VendorError,
} from "./errors.ts";
import type { Redact } from "./redact.ts";
import type { BodyKind, OperationDescription } from "./vendor.ts";

/** Options of one call. */
export interface CallOptions {
  /** Ends the call with `aborted`, whose `cause` is a copy of the signal's reason without secrets. */
  signal?: AbortSignal | undefined;
  /** Further headers of the request; what is `undefined` or `null` is left out. */
  headers?: HeadersInput | undefined;
  /** How long the call may take in all, in milliseconds. Default: `http.timeoutMs` of the client; `Infinity` sets no limit. */
  timeoutMs?: number | undefined;
}

type HeaderValue = string | null | undefined;
/** Headers as `fetch` takes them, or with values that may be missing. */
export type HeadersInput =
  | NonNullable<RequestInit["headers"]>
  | Readonly<Record<string, HeaderValue>>
  | readonly (readonly [name: string, value: HeaderValue])[];

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
  /** How much of an answer is read, in bytes; more of it is `invalid_response`, for `client`, too. Default: 1,048,576. */
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

/**
 * Runs `work` with a deadline. Rejects when the outer signal aborts and after `delayMs`, even if `work` ignores the signal it is
 * given. A delay over 2³¹ − 1 ms means no deadline; no timer is left behind.
 */
export function within<T>(
  work: (signal: AbortSignal) => Promise<T>,
  outer: AbortSignal | null | undefined,
  delayMs: number,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const controller = new AbortController();
    const release = () => {
      clearTimeout(timer);
      outer?.removeEventListener("abort", aborted);
    };
    const stop = (reason: unknown) => {
      release();
      controller.abort(reason);
      reject(reason);
    };
    const aborted = () => stop(outer?.reason);
    const late = () => stop(new DOMException("", "TimeoutError"));
    const timer = delayMs <= MAX_TIMER_MS ? setTimeout(late, delayMs) : undefined;
    if (outer?.aborted) return aborted();
    // A timer of 0 ms might fire only after the work is done.
    if (delayMs <= 0) return late();
    outer?.addEventListener("abort", aborted);
    work(controller.signal).finally(release).then(resolve, reject);
  });
}

/** Waits, or until the signal aborts, and then rejects with its reason. */
export async function pause(delayMs: number, signal: AbortSignal | undefined): Promise<void> {
  await within(() => new Promise(() => undefined), signal, delayMs).catch(() => undefined);
  if (signal?.aborted) throw signal.reason;
}

/** Sends requests: `fetch`, as far as it is used. */
export type Send = (input: FetchInput, init: RequestInit) => Promise<Response>;
/** The first argument of `fetch`, by a name that declarations have without the DOM's, too. */
export type FetchInput = Parameters<typeof fetch>[0];

/** A `fetch`, and the secrets of the call, which its errors may quote. */
export type NamedSend = (input: FetchInput, init: RequestInit, secrets?: readonly string[]) => Promise<Response>;

/** The `fetch` a user brought: a mistake it makes is named as theirs; what the network does to it stays as it is. */
export function ownFetch(send: Send, fail: Fail, redact: Redact): NamedSend {
  return async (input, init, secrets) => {
    try {
      return await send(input, init);
    } catch (error) {
      if (init.signal?.aborted || isNetworkError(error)) throw error;
      throw nameAsTheirs("the fetch option", error, fail, redact, secrets);
    }
  };
}

/** The message of an answer beyond the limit. */
export function tooLong({ maxResponseBytes }: HttpPolicy): string {
  return `the answer is longer than ${maxResponseBytes} bytes`;
}

/** The message of an aborted wait. */
export const ABORTED = "ended by the caller's signal";

/** The error of a request that got no answer, or only the beginning of one. */
export function requestError(
  fail: Fail,
  url: string,
  cause: unknown,
  signal: AbortSignal | null | undefined,
  redact: Redact,
): VendorError {
  if (signal?.aborted) return fail(ABORTED, "aborted", { shown: safeCopy(signal.reason, redact) });
  passRenderEnd(cause, redact);
  const { origin } = new URL(url);
  if (memberOf(cause, "name") === "TimeoutError") return fail(`no complete answer from ${origin} in time`, "timeout");
  const code = redact(systemCodeOf(cause));
  const message = `no complete answer from ${origin} (${code ?? "connection failed"}); is it running?`;
  return fail(message, "network_error", { cause: { code } });
}

/** How a message calls a body that {@link interpret} finds undocumented. */
export const UNDOCUMENTED = " with an undocumented body";

/** A body as far as it is understood: parsed where it is JSON, its text where not, `undefined` where it is empty. */
export interface ReadBody {
  readonly value: unknown;
  /** It is what the spec documents, as far as a type can be believed without checking every member. */
  readonly isDocumented: boolean;
  /** The spec lists its status, by number or by range; `default` lists none. */
  readonly isListed: boolean;
}

/** Whether a status is one of success. Not every library's answers have `ok`. */
export function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

/** The body an operation documents for a status, by its number or range; `undefined` where only `default` covers it. */
export function bodyKindOf({ responses }: OperationDescription, status: number): BodyKind | undefined {
  return responses[status] ?? responses[`${String(status)[0]}XX`];
}

/** Reads a body's text as what the spec documents for its status. */
export function interpret(operation: OperationDescription, status: number, text: string): ReadBody {
  const listed = bodyKindOf(operation, status);
  const kind = listed ?? operation.responses["default"];
  const isBlank = text.trim() === "";
  // A body that is documented as empty is dropped.
  let value: unknown = kind === "text" ? text : (kind !== "empty" && !isBlank && text) || undefined;
  const isRead = kind === "empty" || kind === "text";
  let isDocumented = isRead || kind === "any" || (isBlank && (kind === "object?" || kind === "json?"));
  if (!isRead)
    try {
      value = JSON.parse(text);
      const isObject = Object(value) === value && !Array.isArray(value);
      isDocumented ||= /^json/.test(String(kind)) || (/^object/.test(String(kind)) && isObject);
    } catch {
      // It is not JSON.
    }
  return { value, isDocumented, isListed: listed !== undefined };
}

/**
 * One member of `Retry-After` (RFC 9110 section 10.2.3): seconds, with the fraction some vendors add, or one of the three forms
 * of a date (section 5.6.7). A comma inside a date does not end a member.
 */
const RETRY_AFTER =
  /(?:^|,)[ \t]*(?:(\d+(?:\.\d+)?)|[a-z]{3,9}, (\d\d)[ -]([a-z]{3})[ -](\d\d|\d{4}) ([\d:]{8}) GMT|[a-z]{3} ([a-z]{3}) ([ \d]\d) ([\d:]{8}) (\d{4}))[ \t]*(?=,|$)/gi;
const FIFTY_YEARS_MS = 50 * 31_556_952_000;

/**
 * The pause a vendor asks for, in whole milliseconds; the longest where it names several. Ignores what is neither seconds nor
 * a date, and a pause of 0; without another one the answer is `undefined`, and the usual backoff applies.
 */
export function retryAfterMs(headers: Headers, now: number): number | undefined {
  let longest = 0;
  for (const [, seconds, ...parts] of (headers.get("Retry-After") ?? "").matchAll(RETRY_AFTER)) {
    const ms = seconds ? Number(seconds) * 1000 : untilMs(parts, now);
    if (ms > longest) longest = ms;
  }
  return Math.round(longest) || undefined;
}

/** How far ahead a date is, by its parts as {@link RETRY_AFTER} finds them; every form is in UTC. */
function untilMs([day, month, year, time, ...asctime]: (string | undefined)[], now: number): number {
  const [itsMonth, itsDay, itsTime, itsYear] = asctime;
  const fullYear = (year ?? itsYear ?? "").padStart(4, "20");
  const ms = Date.parse(`${day ?? itsDay} ${month ?? itsMonth} ${fullYear} ${time ?? itsTime} GMT`) - now;
  // A year of two digits that seems to be more than 50 years ahead is one of the past.
  return year?.length === 2 && ms > FIFTY_YEARS_MS ? 0 : ms;
}
