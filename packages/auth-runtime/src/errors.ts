import type { Redact } from "./redact.ts";

/** Tells what went wrong; every error has one of these codes. */
export type ErrorCode =
  | "invalid_credentials"
  | "http_error"
  | "rate_limited"
  | "unexpected_status"
  | "network_error"
  | "timeout"
  | "aborted"
  | "invalid_response"
  | "redirect_refused"
  | "insecure_url"
  | "origin_not_allowed"
  | "invalid_options";

type Digit = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;
type StatusOf<Hundred extends number> = `${Hundred}${Digit}${Digit}` extends infer Text
  ? Text extends `${infer Status extends number}`
    ? Status
    : never
  : never;
/** 400 to 499. */
export type ClientErrorStatus = StatusOf<4>;
/** 500 to 599. */
export type ServerErrorStatus = StatusOf<5>;
/** Every status an error can have: 300 to 599. Literal, so that comparing `status` narrows an error. */
export type HttpStatus = StatusOf<3> | ClientErrorStatus | ServerErrorStatus;

interface ErrorShape<OperationId, Code extends ErrorCode, Status, Body> extends Error {
  readonly code: Code;
  /** The package that threw. */
  readonly package: string;
  /** The operation that failed, if it was one; a call can fail in the token exchange before it. */
  readonly operationId: OperationId;
  readonly status: Status;
  /** The status of the answer even where `status` is left out, because its body is not what the spec documents for it. */
  readonly httpStatus: number | undefined;
  /** The answer's parsed body, not enumerable; secrets the vendor echoed in it are replaced. */
  readonly body: Body;
  /** How long the vendor asks to wait, in milliseconds. */
  readonly retryAfterMs: number | undefined;
}

/** An answer other than success; `body` is what the spec documents for `status`. */
export interface StatusError<OperationId, Code extends ErrorCode, Status extends HttpStatus, Body>
  extends ErrorShape<OperationId, Code, Status, Body> {}

/** An answer whose body is not what the spec documents for its status, which therefore types nothing. */
export interface ResponseError<OperationId>
  extends ErrorShape<OperationId, "invalid_response" | "invalid_credentials" | "rate_limited", undefined, unknown> {}

/** A call that ended without an answer, or was never sent. */
export interface RequestError<OperationId>
  extends ErrorShape<
    OperationId,
    | "network_error"
    | "timeout"
    | "aborted"
    | "redirect_refused"
    | "insecure_url"
    | "origin_not_allowed"
    | "invalid_options",
    undefined,
    undefined
  > {}

export interface ErrorDetails {
  readonly operationId?: string | undefined;
  readonly status?: number | undefined;
  readonly body?: unknown;
  readonly retryAfterMs?: number | undefined;
  readonly httpStatus?: number | undefined;
  /** The thrown value; only its system code is kept. */
  readonly cause?: unknown;
  /** A cause to show as it is, such as a {@link safeCopy}. */
  readonly shown?: unknown;
}

// Registered, so that errors of a second installed copy of this package are recognised too.
const MARKER = Symbol.for("vendor-auth.error");

/** Makes a client's errors; `invalid_options` unless a code is given. */
export type Fail = (message: string, code?: ErrorCode, details?: ErrorDetails) => VendorError;

/** The one class behind every error of every package. */
export class VendorError extends Error {
  declare readonly code: ErrorCode;
  declare readonly package: string;
  declare readonly operationId: string | undefined;
  declare readonly status: number | undefined;
  declare readonly retryAfterMs: number | undefined;
  declare readonly body: unknown;
  declare readonly httpStatus: number | undefined;

  constructor(packageName: string, code: ErrorCode, message: string, details: ErrorDetails = {}) {
    const { cause, shown, body, httpStatus, ...visible } = details;
    const systemCode = systemCodeOf(cause);
    // Of the cause only this: its message may quote the very secret that was sent.
    const safe = shown ?? (systemCode && { code: systemCode });
    super(`[${packageName}] ${message}`, safe === undefined ? undefined : { cause: safe });
    Object.assign(this, { name: "VendorError", code, package: packageName, ...visible });
    Object.defineProperties(this, {
      [MARKER]: { value: true },
      body: { value: body },
      httpStatus: { value: httpStatus },
    });
  }
}

/** Makes the errors of a package. */
export function failOf(packageName: string): Fail {
  return (message, code = "invalid_options", details) => new VendorError(packageName, code, message, details);
}

/** Whether a value is an error of the named package, or of any if none is named. Works across installed copies. */
export function isVendorError(error: unknown, packageName?: string): error is VendorError {
  const thrower = memberOf(error, "package");
  return memberOf(error, MARKER) === true && (packageName ?? thrower) === thrower;
}

/** `ECONNREFUSED` and the like, or `ConnectionRefused` of Bun, from the error or from what caused it. */
export function systemCodeOf(error: unknown, depth = 0): string | undefined {
  const code = memberOf(error, "code");
  if (typeof code === "string" && /^([A-Z][A-Z\d_]+|(Connection|FailedTo)[A-Za-z]+)$/.test(code)) return code;
  const cause = memberOf(error, "cause");
  return cause && depth < 5 ? systemCodeOf(cause, depth + 1) : undefined;
}

/** A member of anything that was thrown: its getters may throw, too. */
export function memberOf(thrown: unknown, name: string | symbol): unknown {
  try {
    return (Object(thrown) as Record<string | symbol, unknown>)[name];
  } catch {
    return undefined;
  }
}

/** A text of it; anything else is left out, because turning it into one may run code, or run out of stack. */
function textOf(thrown: unknown, name: string): string | undefined {
  const value = memberOf(thrown, name);
  return typeof value === "string" ? value : undefined;
}

/**
 * Copies what is safe of a thrown value: a new error with its name, message, stack and system code, cleaned of secrets,
 * and nothing else, because other members may hold a request or an answer. Of a primitive, its cleaned text.
 */
export function safeCopy(thrown: unknown, redact: Redact, more?: readonly string[]): Error | string {
  if (Object(thrown) !== thrown) return redact(String(thrown), more);
  const text = (name: string) => redact(textOf(thrown, name), more);
  const copy = new Error(text("message"));
  const name = text("name") ?? "Error";
  const code = redact(systemCodeOf(thrown), more);
  Object.defineProperties(copy, {
    name: { value: name },
    stack: { value: text("stack") ?? `${name}: ${copy.message}` },
    ...(code && { code: { value: code, enumerable: true } }),
  });
  return copy;
}

/** How `fetch` says that a connection failed: in Node, Chrome, Firefox, Safari, Deno, Bun, workerd and React Native. */
const NETWORK =
  /^(fetch failed|terminated$|failed to fetch( \(|$)|load failed|network ?(error|request|connection)|error (sending|trying)|unable to connect|could not connect|the (network|internet) connection|a server with)/i;

/** Whether what a `fetch` threw says that the network failed, and not that somebody made a mistake. */
export function isNetworkError(thrown: unknown): boolean {
  const code = systemCodeOf(thrown);
  // Node's own codes are of mistakes, such as ERR_INVALID_URL; but for these.
  if (code) return !/^ERR_(?!TLS|SSL|HTTP2|STREAM|SOCKET)/.test(code);
  return /^(Abort|Timeout)Error$/.test(textOf(thrown, "name") ?? "") || NETWORK.test(textOf(thrown, "message") ?? "");
}

/** The mark of the error with which Next.js turns a page that is rendered in advance into one that is rendered on request. */
const RENDERED_ON_REQUEST = "DYNAMIC_SERVER_USAGE";

/**
 * Throws on, as a copy without secrets, what a framework throws to end a render: it has to find its own mark on it, or the page is
 * taken for broken. Returns for anything else.
 */
export function passRenderEnd(thrown: unknown, redact: Redact): void {
  const digest = memberOf(thrown, "digest");
  if (digest === RENDERED_ON_REQUEST) throw Object.assign(safeCopy(thrown, redact) as Error, { digest });
}

/** How much of another's message ours quotes. */
const QUOTED_LENGTH = 200;

/** The error of something the user brought, named as theirs. An error of a package of this family stays as it is. */
export function nameAsTheirs(
  what: string,
  thrown: unknown,
  fail: Fail,
  redact: Redact,
  more?: readonly string[],
): VendorError {
  if (isVendorError(thrown)) return thrown;
  passRenderEnd(thrown, redact);
  const shown = safeCopy(thrown, redact, more);
  const text = shown instanceof Error ? `${shown.name}: ${shown.message}` : shown;
  return fail(`${what} threw ${text.replace(/\s+/g, " ").slice(0, QUOTED_LENGTH)}`, "invalid_options", { shown });
}

/**
 * The error of `fetch` without what a third party hung on it: undici's holds the answer. An error of a package of this family
 * stays as it is.
 */
export function safeFetchError(thrown: unknown, redact: Redact): Error {
  if (isVendorError(thrown)) return thrown;
  passRenderEnd(thrown, redact);
  // Other libraries throw errors of other kinds, which hold the code themselves.
  const isOfFetch = textOf(thrown, "name") === "TypeError";
  const message = isOfFetch ? redact(textOf(thrown, "message")) : "fetch failed";
  const cause = isOfFetch ? memberOf(thrown, "cause") : thrown;
  return new TypeError(message, cause === undefined ? undefined : { cause: safeCopy(cause, redact) });
}
