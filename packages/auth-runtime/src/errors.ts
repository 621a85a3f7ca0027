/** What went wrong; every error has one of these codes. */
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
  readonly cause?: unknown;
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
    const { cause, body, httpStatus, ...visible } = details;
    const systemCode = systemCodeOf(cause);
    // Of the cause only this: its message may quote the very secret that was sent.
    super(`[${packageName}] ${message}`, systemCode ? { cause: { code: systemCode } } : undefined);
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
  const { [MARKER]: isMarked, package: thrower } = Object(error) as { [MARKER]?: unknown; package?: unknown };
  return isMarked === true && (packageName ?? thrower) === thrower;
}

/** `ECONNREFUSED` and the like, from the error or from what caused it. */
export function systemCodeOf(error: unknown, depth = 0): string | undefined {
  const { code, cause } = Object(error) as { code?: unknown; cause?: unknown };
  if (typeof code === "string" && /^[A-Z][A-Z\d_]+$/.test(code)) return code;
  return cause && depth < 5 ? systemCodeOf(cause, depth + 1) : undefined;
}
