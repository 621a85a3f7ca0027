import type { IncomingHttpHeaders, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { breakConnection, type Fault, retryAfterHeader } from "./faults.ts";
import type { ReceivedRequest } from "./http-server.ts";
import type { Prism, PrismAnswer, PrismRequest } from "./prism.ts";
import type { State } from "./state.ts";
import { parsePath } from "./url.ts";

/** A request, and all that decides its answer. */
export interface Situation {
  readonly received: ReceivedRequest;
  readonly fault: Fault | undefined;
  readonly prism: Prism;
  readonly state: State;
  readonly protect: readonly string[];
  readonly stateless: boolean;
}

/** A wait that keeps nothing alive. */
export const pause = (ms: number) => sleep(ms, undefined, { ref: false });

/** Answers a request and says with what; `undefined` where the connection was broken instead. */
export async function answerTo(situation: Situation, response: ServerResponse): Promise<PrismAnswer | undefined> {
  const { fault, received, stateless } = situation;
  if (fault?.applied && !("delayMs" in fault)) await answerOf({ ...situation, fault: undefined });
  if (fault && "fault" in fault) {
    breakConnection(fault.fault, response);
    return undefined;
  }
  if (fault && "delayMs" in fault) await pause(fault.delayMs);
  const given = preflight(received) ?? (await answerOf(situation));
  // An answer of the mock's own that the spec does not allow would teach its users a mistake.
  const wrong = given.violations.filter(({ location, severity }) => location[0] === "response" && severity === "Error");
  const reasons = wrong.map(({ message }) => message).join("; ");
  const answer =
    stateless || given.isProblem || wrong.length === 0
      ? given
      : problem(500, "The mock's own answer is not what the spec documents", reasons);

  const { statusCode, headers, text, violations, isProblem } = answer;
  const all = { ...corsHeaders(received.headers), ...(!isProblem && violationsHeader(violations)), ...headers };
  for (const [name, value] of Object.entries(all)) response.setHeader(name, value);
  response.statusCode = statusCode;
  if (text === undefined || text === null) response.end();
  else response.setHeader("content-length", Buffer.byteLength(text)).end(text);
  return answer;
}

async function answerOf(situation: Situation): Promise<PrismAnswer> {
  const { received, fault, prism, state, protect, stateless } = situation;
  if (fault && "redirect" in fault) return plain(fault.status ?? 307, { location: fault.redirect });
  const { isTooLarge, method, path } = received;
  const url = parsePath(path);
  if (!url) return problem(400, "The path is not one of a URL", "It cannot be read.");
  const request = prismRequest(received, url);
  if (fault && "status" in fault) return failing(fault, request, prism);
  if (isTooLarge) return problem(413, "The body is too large", "It has more than 10 MiB.");
  if (!request) return problem(400, "The body is not JSON", "Its content type says that it is.");
  const isProtected = method !== "OPTIONS" && protect.some((pattern) => matches(pattern, url.pathname));
  // The spec's own paths are Prism's, by whatever method.
  if (isProtected && !["GET", "PUT", "POST", "DELETE", "PATCH"].some((each) => prism.route(each, url.pathname))) {
    return state.isAuthorised(request, stateless)
      ? plain(200, { "content-type": "application/json" }, "{}")
      : { ...problem(401, "The token is not valid", "It is unknown, expired or revoked."), headers: CHALLENGE };
  }
  return prism.answer(request);
}

const PROBLEM = { "content-type": "application/problem+json" };
const CHALLENGE = { ...PROBLEM, "www-authenticate": "Bearer" };

/** An answer of the status a fault asks for: as the spec documents it, where it does. */
async function failing(
  fault: Extract<Fault, { status: number }>,
  request: PrismRequest | undefined,
  prism: Prism,
): Promise<PrismAnswer> {
  const { status } = fault;
  const { retryAfter, body } = fault as { retryAfter?: number | Date; body?: unknown };
  const after = retryAfterHeader(retryAfter);
  if (body !== undefined) return plain(status, { "content-type": "application/json", ...after }, JSON.stringify(body));
  const preferring = request && { ...request, headers: { ...request.headers, prefer: `code=${status}` } };
  const documented = preferring && (await prism.answer(preferring));
  if (documented?.statusCode !== status || documented.isProblem) return plain(status, after);
  return { ...documented, headers: { ...documented.headers, ...after } };
}

/** As Prism reads a request; `undefined` for a JSON body that is none, which Prism would never answer. */
function prismRequest(
  { method, headers, body }: ReceivedRequest,
  { pathname, searchParams }: { pathname: string; searchParams: URLSearchParams },
): PrismRequest | undefined {
  const query = Object.fromEntries(
    [...new Set(searchParams.keys())].map((name) => {
      const [first = "", ...rest] = searchParams.getAll(name);
      return [name, rest.length > 0 ? [first, ...rest] : first];
    }),
  );
  const baseUrl = searchParams.get("__server") || undefined;
  const request = {
    method: method.toLowerCase(),
    url: { path: pathname, query, ...(baseUrl && { baseUrl }) },
    headers,
  };
  const { "content-length": length, "transfer-encoding": coding, "content-type": mediaType = "" } = headers;
  if (length === "0" || (length === undefined && coding === undefined)) return { ...request, body: null };
  if (!/^application\/(json|[^;]+\+json)\s*(;|$)/i.test(mediaType)) return { ...request, body: body.toString() };
  try {
    return { ...request, body: JSON.parse(body.toString()) as unknown };
  } catch {
    return undefined;
  }
}

/** `*` stands for anything within a segment, `**` for any number of segments. */
function matches(pattern: string, path: string): boolean {
  const source = pattern
    .replace(/[.+?^${}()|[\]\\]/g, "\\$&")
    .replace(/\*\*|\*/g, (star) => (star === "*" ? "[^/]*" : ".*"));
  return new RegExp(`^${source}$`).test(path);
}

function corsHeaders({ origin, ...headers }: IncomingHttpHeaders): Record<string, string> {
  return {
    "Access-Control-Allow-Origin": origin ?? "*",
    "Access-Control-Allow-Headers": String(headers["access-control-request-headers"] ?? "*"),
    "Access-Control-Allow-Credentials": "true",
    "Access-Control-Expose-Headers": String(headers["access-control-expose-headers"] ?? "*"),
  };
}

/** What a browser asks before it asks. */
export function preflight({ method, headers }: ReceivedRequest): PrismAnswer | undefined {
  const wanted = headers["access-control-request-method"];
  if (method !== "OPTIONS" || !headers.origin || !wanted) return undefined;
  return plain(204, { "Access-Control-Allow-Methods": String(wanted), Vary: "origin", "Content-Length": "0" });
}

const MAX_HEADER_LENGTH = 8 * 1024 - 100;
function violationsHeader(violations: PrismAnswer["violations"]): Record<string, string> {
  if (violations.length === 0) return {};
  // A header takes no other characters.
  const value = JSON.stringify(violations).replace(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  const isTooLong = value.length > MAX_HEADER_LENGTH;
  return { "sl-violations": isTooLong ? `Too many violations! ${value.slice(0, MAX_HEADER_LENGTH)}` : value };
}

function plain(statusCode: number, headers: Record<string, string>, text?: string): PrismAnswer {
  return { statusCode, headers, text, violations: [], isProblem: true };
}

function problem(status: number, title: string, detail: string): PrismAnswer {
  return plain(status, PROBLEM, JSON.stringify({ type: "about:blank", title, status, detail }));
}
