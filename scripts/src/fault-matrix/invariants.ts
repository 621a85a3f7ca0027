import { getEventListeners } from "node:events";
import type { ErrorCode } from "@org/auth-runtime";
import type { Door } from "./doors.ts";
import { leaksIn, shown } from "./shown.ts";
import type { Situation } from "./situation.ts";
import { documentedBody, isIssuing, requiresMembers, type Subject } from "./subject.ts";

/** What a call came to. */
export interface Outcome {
  readonly ended: "returned" | "threw" | "stuck";
  readonly value?: unknown;
  readonly error?: unknown;
  readonly durationMs: number;
}

/** What has to be so after a call, by its name; each says what is wrong, or nothing. */
export type Invariant = (situation: Situation, door: Door, outcome: Outcome) => string | undefined;

const GRACE_MS = 250;

const CODES: Record<ErrorCode, true> = {
  invalid_credentials: true,
  http_error: true,
  rate_limited: true,
  unexpected_status: true,
  network_error: true,
  timeout: true,
  aborted: true,
  invalid_response: true,
  redirect_refused: true,
  insecure_url: true,
  origin_not_allowed: true,
  invalid_options: true,
};

/** What a call may never end with, as nothing the caller did was wrong. */
const MISTAKES = ["invalid_options", "insecure_url", "origin_not_allowed"];

export const INVARIANTS: Record<string, Invariant> = {
  "ends in time"({ limits }, { endsBy }, { ended, durationMs }) {
    const limitMs = endsBy === "deadline" ? limits.timeoutMs : limits.signalMs;
    if (ended === "stuck") return `still running after ${Math.round(durationMs)} ms`;
    return durationMs > limitMs + GRACE_MS ? `took ${Math.round(durationMs)} ms of ${limitMs}` : undefined;
  },
  "ends as documented"({ subject, signal }, door, { ended, value, error }) {
    if (ended === "stuck") return undefined;
    return ended === "threw" ? wrongError(subject, signal, door, error) : wrongValue(subject, door, value);
  },
  "tells what was answered"({ fault }, { endsBy }, { ended, error }) {
    if (!fault.isPrompt || ended !== "threw" || endsBy === "signal") return undefined;
    const { code } = error as { code?: unknown };
    return code === "timeout" || code === "network_error" ? `failed with ${summary(error)}` : undefined;
  },
  "shows no secret"({ mark, tokens, credentials, events }, { name }, { value, error }) {
    const failed = /^client/.test(name) ? { error: (Object(value) as { error?: unknown }).error } : undefined;
    const text = [error, failed, ...events].map((each) => shown(each)).join("\n");
    const secrets = Object.values(credentials)
      .map(String)
      .filter((each) => each.includes(mark));
    return leaksIn(text, mark, [...secrets, ...tokens])[0];
  },
  "a failing refresh fails no call"({ fault }, { isServed, name }, { ended, error }) {
    const isCached = name.endsWith("background");
    if (!isServed || (fault.refuses && !isCached) || ended !== "threw") return undefined;
    return `failed with ${summary(error)}`;
  },
  "no token of another's is taken"({ attacker, server, stored }, { follows }, { value }) {
    const taken = [...server.requests.map(({ head }) => head), ...[...stored.values()].map(shown)];
    if (!follows) taken.push(shown(value));
    return taken.find((each) => each.includes(attacker));
  },
  "no redirect is followed"({ strayed, server }, { follows }) {
    const followed = [...strayed, ...server.requests.filter(({ path }) => path.endsWith("/redirected"))];
    return follows || followed.length === 0 ? undefined : `${followed[0]?.method} ${followed[0]?.path} was sent`;
  },
  "no credential leaves its origin"({ strayed, mark, tokens, credentials }) {
    const text = strayed.map(({ head, body }) => `${head}\n${body}`).join("\n");
    return leaksIn(text, mark, [...tokens, ...Object.values(credentials).map(String)])[0];
  },
  "is sent no more often than it may be"({ fault, requestsOf }, { target, attempts, follows, meets = 0 }) {
    const most = attempts * (fault.sends ?? 1) + meets;
    const sent = requestsOf(target).length;
    const isLoop = follows && fault.group === "redirects";
    return sent > most && !isLoop ? `was sent ${sent} times, and may be ${most} times` : undefined;
  },
  "lets go of its signal"({ signal, requestsOf }, { target, endsBy }) {
    const left = getEventListeners(signal, "abort").length;
    // fetch itself leaves one for each request, until that is collected.
    const fetches = endsBy === "signal" ? requestsOf(target).length + 1 : 0;
    return left > fetches ? `${left} listeners left` : undefined;
  },
};

function wrongError(
  { isError, vendor }: Subject,
  { aborted, reason }: AbortSignal,
  { endsBy, name }: Door,
  error: unknown,
): string | undefined {
  if (isError(error)) {
    const { code, message, package: thrower } = error as { code: string; message: string; package: string };
    if (!Object.hasOwn(CODES, code) || MISTAKES.includes(code)) return `is ${code}: ${message}`;
    if (thrower !== vendor.package || !message.startsWith(`[${thrower}] `)) return `is not named: ${message}`;
    return aborted && endsBy === "signal" && code === "aborted" ? `is ${code}, not the signal's reason` : undefined;
  }
  if (endsBy === "deadline") return `is no error of the package: ${summary(error)}`;
  if (aborted && error === reason) return undefined;
  return error instanceof TypeError ? undefined : `of ${name}: ${summary(error)}`;
}

function wrongValue(subject: Subject, { name, target }: Door, value: unknown): string | undefined {
  if (/^fetch|fetch$/.test(name)) return value instanceof Response ? undefined : `is ${summary(value)}`;
  if (/^client/.test(name)) return wrongClientResult(subject, name, target, value);
  if (/^operation/.test(name)) return wrongData(subject, name, target, value);
  const { accessToken, expiresAt } = Object(value) as { accessToken?: unknown; expiresAt?: unknown };
  if (!isUsable(accessToken)) return `the token is ${summary(accessToken)}`;
  return expiresAt === null || Number.isFinite(expiresAt) ? undefined : `expires at ${summary(expiresAt)}`;
}

function wrongClientResult(subject: Subject, name: string, target: string, value: unknown): string | undefined {
  const { data, error, response } = Object(value) as { data?: unknown; error?: unknown; response?: unknown };
  if (!(response instanceof Response)) return `came without its response: ${summary(value)}`;
  if (!response.ok) return data === undefined ? undefined : `a failure has data: ${summary(data)}`;
  return error === undefined ? wrongData(subject, name, target, data) : `a success has an error: ${summary(error)}`;
}

/** Data is of the documented kind, or missing where nothing of it is needed; a token in it can be used. */
function wrongData(subject: Subject, name: string, target: string, data: unknown): string | undefined {
  const { value } = documentedBody(subject, target);
  const isRaw = name.startsWith("operation") && isIssuing(subject, target);
  if (isRaw && !(subject.exchange?.token ?? []).some((path) => isUsable(valueAt(data, path))))
    return `has no token: ${summary(data)}`;
  if (data === undefined && !requiresMembers(subject, target)) return undefined;
  const kind = kindOf(value);
  // Of a list or a scalar no more is believed than that it is JSON.
  const isAny = kind !== "object" || Object.keys(Object(value)).length === 0;
  return isAny || kindOf(data) === kind ? undefined : `is ${summary(data)}, and documented as ${kind}`;
}

function valueAt(data: unknown, [place, ...keys]: readonly string[]): unknown {
  if (place !== "body") return "outside-the-body";
  return keys.reduce<unknown>((at, key) => (Object(at) as Record<string, unknown>)[key], data);
}

const isUsable = (token: unknown) => typeof token === "string" && /^[\x21-\x7e]+$/.test(token);

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "an array";
  return value === null ? "null" : typeof value;
}

/** A value in a few words. */
export function summary(value: unknown): string {
  if (value instanceof Error) return `${value.name} ${(value as { code?: unknown }).code ?? ""}: ${value.message}`;
  return (JSON.stringify(value) ?? String(value)).slice(0, 80);
}
