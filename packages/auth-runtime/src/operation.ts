import type { Clock } from "./clock.ts";
import { type ErrorCode, type ErrorDetails, isVendorError, VendorError } from "./errors.ts";
import type { EmitEvent } from "./events.ts";
import {
  anySignal,
  type CallOptions,
  checkCallOptions,
  documentedKind,
  type HttpPolicy,
  interpret,
  readText,
  requestError,
  retryAfterMs,
  sleep,
  timeoutSignal,
  untilAborted,
} from "./http.ts";
import { contentType, mergeHeaders, type RequestParts, serialize } from "./openapi-fetch.ts";
import { redact, stringsOf } from "./redact.ts";
import type { OperationDescription, Vendor } from "./vendor.ts";

/** What one operation is called with. */
export interface Call {
  readonly vendor: Vendor;
  readonly operationId: string;
  readonly baseUrl: string;
  /** Attaches what the operation needs. */
  readonly fetch: typeof fetch;
  /** Sends as it is. */
  readonly send: typeof fetch;
  /** Secret values beside those of the input. */
  readonly secrets: () => readonly string[];
  /** The operation issues tokens, so a refusal is one of the credentials. */
  readonly isExchange: boolean;
  readonly http: HttpPolicy;
  readonly clock: Clock;
  readonly emit: EmitEvent;
}

/** The answer of an operation that succeeded. */
export interface Answer {
  readonly data: unknown;
  readonly headers: Headers;
}

/** RFC 9110 section 9.2.2. */
const IDEMPOTENT = ["GET", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE"];
/** Statuses that say nothing about the request, only about the moment. */
const PASSING = [408, 429, 500, 502, 503, 504];

type Fail = (code: ErrorCode, message: string, details?: ErrorDetails) => VendorError;

/** Sends an operation's request and reads its answer. Throws {@link VendorError} for everything but success. */
export async function callOperation(call: Call, input: unknown, options: CallOptions = {}): Promise<Answer> {
  const { vendor, operationId, http, clock, emit } = call;
  const operation = vendor.operations[operationId] as OperationDescription;
  const fail: Fail = (code, message, details) =>
    new VendorError(vendor.package, code, `${operationId}${message}`, { ...details, operationId });
  const refuse = (message: string) => fail("invalid_options", `: ${message}`);
  checkCallOptions(options, refuse);
  const parts = splitInput(operation, input ?? {}, refuse);
  const { url, body } = serialize(operation, call.baseUrl, parts, refuse);
  const headers = headersOf(operation, parts, options, refuse);
  const { timeoutMs = http.timeoutMs } = options;
  const signal = anySignal([options.signal, timeoutSignal(timeoutMs)]);
  const init: RequestInit = { method: operation.method, headers, signal: signal ?? null, body: body ?? null };
  const canRepeat = call.isExchange || IDEMPOTENT.includes(operation.method);
  const deadline = clock.monotonic() + timeoutMs;

  for (let attempt = 1; ; attempt++) {
    const outcome = await attemptOnce();
    if (!(outcome instanceof VendorError)) return outcome;
    const { code, status, retryAfterMs: asked } = outcome;
    const isPassing =
      code === "network_error" ||
      code === "timeout" ||
      code === "rate_limited" ||
      PASSING.includes(outcome.httpStatus ?? 0);
    const delayMs = asked ?? Math.random() * http.backoffMs * 2 ** (attempt - 1);
    const isInTime = clock.monotonic() + delayMs < deadline;
    if (!canRepeat || !isPassing || attempt >= http.attempts || !isInTime || signal?.aborted) throw outcome;
    emit({ type: "request.retried", operationId, attempt, delayMs, status });
    await sleep(delayMs, signal).catch((caught: unknown) => {
      throw requestError(fail, url, caught, options.signal, false);
    });
  }

  async function attemptOnce(): Promise<Answer | VendorError> {
    let response: Response | undefined;
    let text: string | undefined;
    try {
      response = await untilAborted(call.fetch(url, init), signal);
      text = await untilAborted(readText(response, http.maxResponseBytes), signal);
    } catch (caught) {
      // An error that names its operation is the token exchange's, which has been repeated already.
      if (isVendorError(caught) && caught.operationId !== undefined) throw caught;
      return requestError(fail, url, caught, options.signal, response !== undefined);
    }
    if (text === undefined)
      return fail("invalid_response", `: the answer is longer than ${http.maxResponseBytes} bytes`);
    if (!response.ok) return statusError(call, operation, input, response, text, fail);
    const { value, isDocumented } = interpret(text, documentedKind(operation, response.status).kind);
    if (isDocumented) return { data: value, headers: response.headers };
    return fail("invalid_response", `: answered ${response.status} with a body that is not what the spec documents`);
  }
}

/** What the spec says, then what the caller says; the media types of the documented answers, as vendors' documents send them. */
function headersOf(
  operation: OperationDescription,
  parts: RequestParts,
  options: CallOptions,
  refuse: (message: string) => VendorError,
): Headers {
  const kinds = Object.values(operation.responses);
  const accepted = [
    kinds.includes("text") && "text/plain",
    kinds.some((kind) => kind !== "text" && kind !== "empty") && "application/json",
  ];
  const Accept = accepted.filter(Boolean).join(",") || "*/*";
  try {
    const own = new Headers(options.headers);
    return mergeHeaders({ Accept, ...contentType(operation, parts.body) }, parts.header as Record<string, string>, own);
  } catch {
    // The reason would quote the value, which may be a secret.
    throw refuse("a header has a name or value that cannot be sent");
  }
}

function statusError(
  { vendor, secrets, isExchange, clock }: Call,
  operation: OperationDescription,
  input: unknown,
  { status, headers }: Response,
  text: string,
  fail: Fail,
): VendorError {
  const { kind, isListed } = documentedKind(operation, status);
  const { value, isDocumented } = interpret(text, kind);
  const isRefusal = isExchange && (status === 401 || status === 403 || (status === 400 && isRefusedGrant(value)));
  const special = isRefusal ? "invalid_credentials" : status === 429 ? "rate_limited" : undefined;
  const code = special ?? (isDocumented ? "http_error" : isListed ? "invalid_response" : "unexpected_status");
  const advice = isRefusal ? `; check ${Object.keys(vendor.credentials).join(" and ")}` : "";
  const about = isDocumented
    ? ""
    : isListed
      ? " with a body that is not what the spec documents"
      : ", which the spec does not list";
  const sent = (operation.secrets ?? []).flatMap((name) =>
    stringsOf((input as Record<string, unknown> | undefined)?.[name]),
  );
  return fail(code, ` answered ${status}${about}${advice}`, {
    // The type of `body` hangs on `status`, so a body that is not the documented one comes without it.
    status: isListed && !isDocumented ? undefined : status,
    body: redact(value, [...secrets(), ...sent]),
    httpStatus: status,
    retryAfterMs: retryAfterMs(headers, clock.now()),
  });
}

/** RFC 6749 section 5.2: these say that the credentials will not do; any other 400 is a mistake of the request. */
function isRefusedGrant(body: unknown): boolean {
  const { error } = (body ?? {}) as { error?: unknown };
  return ["invalid_client", "invalid_grant", "unauthorized_client"].includes(error as string);
}

/** Puts each flat member where the spec wants it. */
function splitInput(
  { input: locations = {}, fixed = {}, open, encoding }: OperationDescription,
  input: unknown,
  refuse: (message: string) => VendorError,
): RequestParts {
  if (typeof input !== "object" || Array.isArray(input)) throw refuse("pass its input as an object");
  const parts: RequestParts = { path: {}, query: {}, header: {}, body: undefined };
  const members: Record<string, unknown> = {};
  for (const [name, value] of Object.entries({ ...input, ...fixed })) {
    if (value === undefined) continue;
    const location = Object.hasOwn(locations, name) ? locations[name] : open && "member";
    if (!location) {
      const known = Object.keys(locations).filter((key) => !Object.hasOwn(fixed, key));
      throw refuse(
        `it takes no "${name}"; ${known.length > 0 ? `its input is ${known.join(", ")}` : "it takes no input"}`,
      );
    }
    if (location === "body") parts.body = value;
    else (location === "member" ? members : parts[location])[name] = value;
  }
  const missing = Object.keys(locations).find((name) => locations[name] === "path" && !Object.hasOwn(parts.path, name));
  if (missing !== undefined) throw refuse(`${missing} is missing`);
  if (encoding && (open || Object.values(locations).includes("member"))) parts.body = members;
  return parts;
}
