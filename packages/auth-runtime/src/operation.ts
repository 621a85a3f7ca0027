import { readText } from "./answer-body.ts";
import type { AuthorisedFetch } from "./authorise.ts";
import { checkNames, checkNumber, type Members } from "./checks.ts";
import { type Fail, isVendorError, VendorError } from "./errors.ts";
import {
  type CallOptions,
  type FetchInput,
  interpret,
  isSuccess,
  MAX_TIMER_MS,
  pause,
  type ReadBody,
  requestError,
  retryAfterMs,
  tooLong,
  UNDOCUMENTED,
  within,
} from "./http.ts";
import { noStore } from "./no-store.ts";
import type { Settings } from "./options.ts";
import { secretsIn } from "./redact.ts";
import { refuseRedirect } from "./redirects.ts";
import { type RequestParts, serialize } from "./serialize.ts";
import type { RefreshInput } from "./token-source.ts";
import type { OperationDescription } from "./vendor.ts";

/** The answer of an operation that succeeded. */
export interface Answer {
  readonly data: unknown;
  readonly headers: Headers;
  /** The part of it that a refresh of the token takes; secret. */
  readonly more?: RefreshInput | undefined;
}

const REFUSED = "invalid_credentials";
/** Codes and statuses of passing faults: the same request may succeed a moment later. */
const PASSING = /^(network_error|timeout|408|429|50[0234])$/;

/** The beginning of a page of a firewall or proxy. */
const HTML = /^\s*<(!|html)/i;

/** Sends an operation's request and reads its answer. Throws {@link VendorError} for everything but success. */
export async function callOperation(
  settings: Settings,
  operationId: string,
  /** Attaches what the operation needs. */
  authorised: AuthorisedFetch,
  input: unknown = {},
  options: CallOptions = {},
): Promise<Answer> {
  const { vendor, http, clock, fetch, redact } = settings;
  const operation = vendor.operations[operationId] as OperationDescription;
  const isExchange = operation.role === "exchange";
  const { baseUrl = settings.baseUrl } = operation;
  const fail: Fail = (message, code, details) =>
    settings.fail(`${operationId}: ${message}`, code, { ...details, operationId });
  checkNames(options, ["signal", "headers", "timeoutMs"], fail);
  const { signal: callers, headers: more } = options;
  const timeoutMs = checkNumber(options.timeoutMs ?? http.timeoutMs, 0, "timeoutMs", fail);
  const sent = secretsIn(operation, Object(input));
  const parts = splitInput(operation, input, fail);
  const { url, init } = serialize(operation, settings, { ...parts, headers: more }, fail);
  // RFC 9110 section 9.2.2: what is idempotent may be sent again; and an exchange leaves nothing behind but a token.
  const canRepeat = isExchange || (operation.retry ?? !/^P(OST|ATCH)$/.test(operation.method));
  // A pause no timer can keep is too long, whatever the deadline.
  const deadline = clock.monotonic() + Math.min(timeoutMs, MAX_TIMER_MS);
  let text: string | undefined;
  return within(callUntilAnswered, callers, timeoutMs).catch((reason: unknown) => {
    throw errorOf(reason);
  });

  async function callUntilAnswered(signal: AbortSignal): Promise<Answer> {
    init.signal = signal;
    for (let attempt = 1; ; attempt++) {
      const outcome = await authorised(url, init, send, deadline).then(answerOf, errorOf);
      if (!(outcome instanceof VendorError)) return outcome;
      const { code, status, httpStatus = code } = outcome;
      // A 403 that refuses no credentials is a firewall's.
      const isPassing = PASSING.test(String(httpStatus)) || (isExchange && code !== REFUSED && httpStatus === 403);
      const mayRepeat = canRepeat && attempt < http.attempts && isPassing;
      const delayMs = outcome.retryAfterMs ?? Math.random() * http.backoffMs * 2 ** (attempt - 1);
      if (!mayRepeat || clock.monotonic() + delayMs >= deadline || signal.aborted) throw outcome;
      settings.emit({ type: "request.retried", operationId, attempt, delayMs, status });
      await pause(delayMs, signal).catch(() => undefined);
    }
  }

  /** Each request has a limit of its own, its answer's reading included; waiting for a token is not part of it. */
  async function send(to: FetchInput, { signal: outer, ...rest }: RequestInit): Promise<Response> {
    let answer!: Response;
    const receive = async (signal: AbortSignal) => {
      answer = await fetch(to, noStore({ ...rest, signal }), sent);
      refuseRedirect(answer, url, operation, (text) => redact(text, sent), fail);
      return readText(answer, http.maxResponseBytes, fail);
    };
    try {
      text = await within(receive, outer, http.attemptTimeoutMs);
    } catch (reason) {
      // Whether another token is tried hangs on the status alone, whatever becomes of the body.
      if (answer?.status !== 401 || isVendorError(reason)) throw reason;
      text = "";
    }
    return answer;
  }

  function errorOf(caught: unknown): VendorError {
    // The token exchange names its own operation, and has been repeated already; the authorised fetch names none.
    if (!isVendorError(caught) || callers?.aborted) return requestError(fail, url, caught, callers, redact);
    // Its first receiver may have frozen it.
    if (Object.isExtensible(caught)) Object.assign(caught, { operationId, ...(caught as object) });
    throw caught;
  }

  function answerOf({ status, headers }: Response): Answer | VendorError {
    if (text === undefined) return fail(tooLong(http), "invalid_response");
    const read = interpret(operation, status, text);
    const { value, isDocumented, isListed } = read;
    const ok = isSuccess(status);
    if (ok && isDocumented) return { data: value, headers };

    const isRefusal = isExchange && refusesCredentials(status, headers, read);
    const special = isRefusal ? REFUSED : status === 429 ? "rate_limited" : undefined;
    const isUnreadable = !isDocumented && (isListed || ok);
    const code = isUnreadable ? "invalid_response" : isDocumented ? "http_error" : "unexpected_status";
    const about = isUnreadable ? UNDOCUMENTED : "";
    const isLost = /^40[45]$/.test(String(status)) && !(isListed && isDocumented);
    const place = isLost ? ` at ${baseUrl + operation.path}; check the base path of server` : "";
    const advice = isRefusal ? `; check ${Object.keys(vendor.credentials).join(" and ")}` : "";
    return fail(`answered ${status}${about}${place}${advice}`, special ?? code, {
      // The type of `body` hangs on `status`, so a body that is not the documented one comes without it.
      status: isUnreadable ? undefined : status,
      // A success that cannot be read may hold the token it was to bring.
      body: ok ? undefined : redact(value, sent),
      httpStatus: status,
      retryAfterMs: retryAfterMs(headers, clock.now()),
    });
  }

  /** A 403 does where the spec says so, or as OAuth does; any other, or one that says when to come back, is a firewall's. */
  function refusesCredentials(status: number, headers: Headers, { value, isDocumented, isListed }: ReadBody): boolean {
    if (status === 400) return vendor.features.grants?.(value) === true;
    if (status !== 403 || headers.get("Retry-After")) return status === 401;
    const isPage = operation.responses[status] !== "text" && HTML.test(String(text));
    return (isListed && isDocumented && !isPage) || isRefusedGrant(value);
  }
}

/** RFC 6749 sections 4.1.2.1 and 5.2: these say that the credentials will not do; any other 400 is a mistake of the request. */
export function isRefusedGrant(body: unknown): boolean {
  const { error } = Object(body) as { error?: unknown };
  return typeof error === "string" && /^(invalid_(client|grant)|unauthorized_client|access_denied)$/.test(error);
}

/** Puts each flat member where the spec wants it. */
function splitInput(
  { input: locations = {}, fixed = {}, open }: OperationDescription,
  input: unknown,
  fail: Fail,
): RequestParts {
  if (typeof input !== "object" || Array.isArray(input)) throw fail("input has to be an object");
  const member: Members = {};
  const parts: Record<string, Members> = { path: {}, query: {}, header: {}, member };
  let body: unknown = open || Object.values(locations).includes("member") ? member : undefined;
  for (const [name, value] of Object.entries({ ...input, ...fixed })) {
    if (value === undefined) continue;
    const location = Object.hasOwn(locations, name) ? locations[name] : open && "member";
    if (!location) {
      const known = Object.keys(locations).join(", ") || "empty";
      throw fail(`it takes no "${name}"; its input is ${known}`);
    }
    if (location === "body") body = value;
    else (parts[location] as Members)[name] = value;
  }
  return { ...parts, body };
}
