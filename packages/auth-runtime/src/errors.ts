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

/** The one class behind every error of every package. */
export class VendorError extends Error {
  readonly code: ErrorCode;
  readonly package: string;
  readonly operationId: string | undefined;
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;
  readonly #body: unknown;
  readonly #httpStatus: number | undefined;

  constructor(packageName: string, code: ErrorCode, message: string, details: ErrorDetails = {}) {
    const cause = safeCause(details.cause);
    super(`[${packageName}] ${message}`, cause && { cause });
    this.name = "VendorError";
    this.code = code;
    this.package = packageName;
    this.operationId = details.operationId;
    this.status = details.status;
    this.retryAfterMs = details.retryAfterMs;
    this.#body = details.body;
    this.#httpStatus = details.httpStatus;
  }

  get [MARKER](): true {
    return true;
  }

  get body(): unknown {
    return this.#body;
  }

  get httpStatus(): number | undefined {
    return this.#httpStatus;
  }
}

/** Whether a value is an error of the named package, or of any if none is named. Works across installed copies. */
export function isVendorError(error: unknown, packageName?: string): error is VendorError {
  return (
    typeof error === "object" &&
    error !== null &&
    MARKER in error &&
    (packageName === undefined || (error as unknown as VendorError).package === packageName)
  );
}

/** Name and system code of what was caught, and nothing else: a message may quote the very secret that was sent. */
function safeCause(caught: unknown): Error | undefined {
  if (!(caught instanceof Error)) return undefined;
  const code = systemCode(caught);
  const cause = new Error(code ?? "details left out, because they may hold secrets");
  cause.name = /^\w+$/.test(caught.name) ? caught.name : "Error";
  delete cause.stack;
  return code === undefined ? cause : Object.assign(cause, { code });
}

/** `ECONNREFUSED` and the like, from the error or from what caused it. */
export function systemCode(error: unknown): string | undefined {
  for (let current = error, depth = 0; current instanceof Error && depth < 5; depth++) {
    const { code } = current as { code?: unknown };
    if (typeof code === "string" && /^[A-Z][A-Z0-9_]{2,40}$/.test(code)) return code;
    current = current.cause instanceof AggregateError ? current.cause.errors[0] : current.cause;
  }
  return undefined;
}
