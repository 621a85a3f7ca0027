import { type ErrorCode, isVendorError, VendorError } from "./errors.ts";
import {
  type CallOptions,
  deadlineOf,
  documentedKind,
  isOfKind,
  type ReadBody,
  readBody,
  requestError,
  retryAfterMs,
} from "./http.ts";
import { type RequestParts, serialize } from "./openapi-fetch.ts";
import { redact } from "./redact.ts";
import type { OperationDescription, Vendor } from "./vendor.ts";

/** What one operation is called with. */
export interface Call {
  readonly vendor: Vendor;
  readonly operationId: string;
  readonly baseUrl: string;
  /** Attaches what the operation needs. */
  readonly fetch: typeof fetch;
  /** Secret values beside those of the input. */
  readonly secrets: () => readonly string[];
  /** The operation issues tokens, so a refusal is one of the credentials. */
  readonly isExchange: boolean;
}

/** The answer of an operation that succeeded. */
export interface Answer {
  readonly data: unknown;
  readonly headers: Headers;
}

/** Sends an operation's request and reads its answer. Throws {@link VendorError} for everything but success. */
export async function callOperation(call: Call, input: unknown, options: CallOptions = {}): Promise<Answer> {
  const { vendor, operationId } = call;
  const operation = vendor.operations[operationId] as OperationDescription;
  const fail = (code: ErrorCode, message: string) =>
    new VendorError(vendor.package, code, `${operationId}: ${message}`, { operationId });
  const { timeoutMs } = options;
  if (timeoutMs !== undefined && !(timeoutMs >= 0)) throw fail("invalid_options", "timeoutMs has to be 0 or more");
  const parts = splitInput(operation, input, (message) => fail("invalid_options", message));
  const { url, headers, body } = serialize(operation, call.baseUrl, parts);
  const accepted = acceptedTypes(operation);
  if (accepted !== "") headers.set("Accept", accepted);
  new Headers(options.headers).forEach((value, name) => {
    headers.set(name, value);
  });
  const isSecret = (operation.secrets?.length ?? 0) > 0;
  const deadline = deadlineOf(options);
  const init: RequestInit = {
    method: operation.method,
    headers,
    // A redirect would carry the secret in the body or query to wherever it points.
    redirect: isSecret ? "manual" : "follow",
    ...(body !== undefined && { body }),
    ...(deadline.signal && { signal: deadline.signal }),
  };
  try {
    const response = await call.fetch(url, init);
    if (isSecret && (response.type === "opaqueredirect" || (response.status >= 300 && response.status < 400))) {
      throw fail("redirect_refused", "the answer is a redirect, which a request with a secret never follows");
    }
    const answer = await readBody(response);
    const { kind = "any" } = documentedKind(operation, response.status);
    if (!response.ok) throw statusError(call, operation, input, response, answer);
    if (!isOfKind(answer, kind)) {
      throw fail("invalid_response", `answered ${response.status} with a body that is not what the spec documents`);
    }
    return { data: kind === "empty" ? undefined : answer.value, headers: response.headers };
  } catch (error) {
    if (isVendorError(error)) throw error;
    throw requestError(vendor.package, operationId, url, error, options, deadline.hasTimedOut());
  }
}

/** The media types of the documented answers; sent because vendors' documents send it. */
function acceptedTypes({ responses }: OperationDescription): string {
  const kinds = Object.values(responses);
  const isText = kinds.includes("text");
  const isJson = kinds.some((kind) => kind === "object" || kind === "json" || kind === "any");
  return [isText && "text/plain", isJson && "application/json"].filter(Boolean).join(",");
}

function statusError(
  { vendor, operationId, secrets, isExchange }: Call,
  operation: OperationDescription,
  input: unknown,
  { status, headers }: Response,
  answer: ReadBody,
): VendorError {
  const { kind, isListed } = documentedKind(operation, status);
  const isDocumented = kind !== undefined && isOfKind(answer, kind);
  const isRefusal =
    isExchange && (status === 401 || status === 403 || (status === 400 && isRefusedGrant(answer.value)));
  const special = isRefusal ? "invalid_credentials" : status === 429 ? "rate_limited" : undefined;
  const code = special ?? (isDocumented ? "http_error" : isListed ? "invalid_response" : "unexpected_status");
  const advice = isRefusal ? `; check ${Object.keys(vendor.credentials).join(" and ")}` : "";
  const about = isDocumented
    ? ""
    : isListed
      ? " with a body that is not what the spec documents"
      : ", which the spec does not list";
  const names = operation.secrets ?? [];
  const sent = names.map((name) => (input as Record<string, unknown>)[name]).filter((value) => value !== undefined);
  return new VendorError(vendor.package, code, `${operationId} answered ${status}${about}${advice}`, {
    operationId,
    // The type of `body` hangs on `status`, so a body that is not the documented one comes without it.
    status: isListed && !isDocumented ? undefined : status,
    body: redact(answer.value, [...secrets(), ...sent.map(String)]),
    retryAfterMs: retryAfterMs(headers, Date.now()),
  });
}

/** RFC 6749 section 5.2: these say that the credentials will not do; any other 400 is a mistake of the request. */
function isRefusedGrant(body: unknown): boolean {
  const { error } = (body ?? {}) as { error?: unknown };
  return ["invalid_client", "invalid_grant", "unauthorized_client"].includes(error as string);
}

/** Puts each flat member where the spec wants it. */
function splitInput(
  operation: OperationDescription,
  input: unknown,
  fail: (message: string) => VendorError,
): RequestParts {
  const { input: locations = {}, fixed = {}, open } = operation;
  if (input !== undefined && (typeof input !== "object" || input === null)) throw fail("pass its input as an object");
  const parts: RequestParts = { path: {}, query: {}, header: {}, body: undefined };
  const members: Record<string, unknown> = {};
  for (const [name, value] of Object.entries({ ...input, ...fixed })) {
    if (value === undefined) continue;
    const location = locations[name] ?? (open ? "member" : undefined);
    if (location === undefined) {
      const known = Object.keys(locations).filter((key) => !(key in fixed));
      throw fail(
        `it takes no "${name}"; ${known.length > 0 ? `its input is ${known.join(", ")}` : "it takes no input"}`,
      );
    }
    if (location === "member") members[name] = value;
    else if (location === "body") parts.body = value;
    else if (location === "path") parts.path[name] = pathSegment(name, value, fail);
    else parts[location][name] = value;
  }
  const missing = Object.keys(locations).find((name) => locations[name] === "path" && !(name in parts.path));
  if (missing !== undefined) throw fail(`${missing} is missing`);
  const hasMembers = open || Object.values(locations).includes("member");
  if (operation.encoding && hasMembers) parts.body = members;
  return parts;
}

/** A segment that is empty or made of dots would lead to another operation's path. */
function pathSegment(name: string, value: unknown, fail: (message: string) => VendorError): string {
  const text = typeof value === "string" || typeof value === "number" ? String(value) : "";
  if (/^\.{0,2}$/.test(text)) throw fail(`${name} has to be a string that can stand in a path`);
  return text;
}
