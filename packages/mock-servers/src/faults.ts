import type { ServerResponse } from "node:http";
import { MockError } from "./errors.ts";
import type { Random } from "./random.ts";

/**
 * What goes wrong beneath an answer: `hang` never answers, `reset` drops the connection before it, `resetInBody` in the
 * middle of it, `truncate` ends it short of its length, `oversize` sends 8 MiB, `html` is a web page at 200, `garbage` is
 * half of a JSON text.
 */
export type ConnectionFault = "hang" | "reset" | "resetInBody" | "truncate" | "oversize" | "html" | "garbage";

/** How often a fault happens. */
interface Occurrence {
  /** To how many requests, `Infinity` for all. Default: 1, or all where there is a probability. */
  times?: number;
  /** How likely it happens to each, from 0 to 1. */
  probability?: number;
  /** Whether the request takes effect all the same, so that only its answer is lost. Default: false. */
  applied?: boolean;
}
/** A fault: an answer of another status, one beneath it, a redirect, or a delay before the usual answer. */
export type Fault = Occurrence &
  (
    | { status: number /** Seconds, or a date. */; retryAfter?: number | Date; body?: unknown }
    | { fault: ConnectionFault }
    | { redirect: string; status?: 301 | 302 | 303 | 307 | 308 }
    | { delayMs: number }
  );

const CONNECTION_FAULTS = ["hang", "reset", "resetInBody", "truncate", "oversize", "html", "garbage"];

const MEMBERS = ["status", "retryAfter", "body", "fault", "redirect", "delayMs", "times", "probability", "applied"];

/** The faults that wait for their requests. */
export interface Faults {
  add(operationId: string, fault: Fault): void;
  /** The fault a request meets, if it meets one. */
  next(operationId: string | undefined): Fault | undefined;
  clear(): void;
}

/** Throws {@link MockError} for a fault that cannot be. */
export function createFaults(operationIds: readonly string[], random: Random): Faults {
  let waiting: { operationId: string; fault: Fault; left: number }[] = [];
  return {
    add(operationId, fault) {
      if (operationId !== "*" && !operationIds.includes(operationId)) {
        const known = operationIds.join(", ");
        throw new MockError(`there is no operation "${operationId}"; the operations are ${known}, or "*" for any`);
      }
      checkFault(fault);
      const left = fault.times ?? (fault.probability === undefined ? 1 : Number.POSITIVE_INFINITY);
      waiting.push({ operationId, fault, left });
    },
    next(operationId) {
      const found = waiting.find(
        (entry) =>
          (entry.operationId === "*" || entry.operationId === operationId) &&
          random.number() < (entry.fault.probability ?? 1),
      );
      if (found && --found.left <= 0) waiting = waiting.filter((entry) => entry !== found);
      return found?.fault;
    },
    clear() {
      waiting = [];
    },
  };
}

function checkFault(given: unknown): void {
  const fail = (message: string): never => {
    throw new MockError(`an impossible fault: ${message}`);
  };
  if (typeof given !== "object") fail("it has to be an object, such as { status: 503 }");
  const fault = Object(given) as Record<string, unknown>;
  const stray = Object.keys(fault).find((name) => !MEMBERS.includes(name));
  if (stray !== undefined) fail(`there is no "${stray}"; there are ${MEMBERS.join(", ")}`);
  const { times = 1, probability = 1, applied = false, status, redirect, delayMs, retryAfter } = fault;
  const isWithin = (value: unknown, least: number, most: number) =>
    typeof value === "number" && value >= least && value <= most;
  if (times !== Number.POSITIVE_INFINITY && !(Number.isInteger(times) && Number(times) >= 1))
    fail("times has to be a whole number from 1 on");
  if (!isWithin(probability, 0, 1)) fail("probability has to be from 0 to 1");
  if (typeof applied !== "boolean") fail("applied has to be true or false");
  const kinds = ["redirect", "fault", "delayMs", "status"].filter(
    (kind) => kind in fault && !(kind === "status" && "redirect" in fault),
  );
  if (kinds.length !== 1) fail("it needs one of status, fault, redirect and delayMs");
  if ("fault" in fault && !CONNECTION_FAULTS.includes(String(fault["fault"])))
    fail(`there is no "${String(fault["fault"])}"; there are ${CONNECTION_FAULTS.join(", ")}`);
  if ("redirect" in fault) {
    if (typeof redirect !== "string" || redirect === "") fail("redirect has to be where it leads");
    if (![301, 302, 303, 307, 308].includes(Number(status ?? 307)))
      fail("a redirect's status is 301, 302, 303, 307 or 308");
  } else if ("status" in fault && !(Number.isInteger(status) && isWithin(status, 200, 599))) {
    fail(`${String(status)} is no status of an answer`);
  }
  if ("delayMs" in fault && !isWithin(delayMs, 0, 2 ** 31 - 1)) fail("delayMs has to be 0 or more");
  const pause = retryAfter instanceof Date ? Math.abs(retryAfter.getTime()) : retryAfter;
  if (pause !== undefined && !isWithin(pause, 0, Number.MAX_SAFE_INTEGER))
    fail("retryAfter has to be seconds, or a Date");
}

/** Does to a connection what a fault says. */
export function breakConnection(fault: ConnectionFault, response: ServerResponse): void {
  const json = { "content-type": "application/json" };
  const half = '{"accessToken":"half-a-tok';
  switch (fault) {
    case "hang":
      return;
    case "reset":
      response.socket?.resetAndDestroy();
      return;
    case "resetInBody":
      response.writeHead(200, json);
      response.write(half, () => response.socket?.resetAndDestroy());
      return;
    case "truncate":
      response.writeHead(200, { ...json, "content-length": "1000" });
      response.write(half, () => response.socket?.end());
      return;
    case "oversize":
      response.writeHead(200, json).end(JSON.stringify({ accessToken: "x".repeat(8 * 2 ** 20) }));
      return;
    case "html":
      response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><title>Maintenance</title>");
      return;
    case "garbage":
      response.writeHead(200, json).end(half);
  }
}

/** `Retry-After` as RFC 9110 writes it. */
export function retryAfterHeader(retryAfter: number | Date | undefined): Record<string, string> {
  if (retryAfter === undefined) return {};
  return { "retry-after": retryAfter instanceof Date ? retryAfter.toUTCString() : String(retryAfter) };
}

/** A fault in a word or two, for whoever reads what happened. */
export function describeFault({ applied, ...fault }: Fault): string {
  if (applied) return `${describeFault(fault)}, applied`;
  if ("fault" in fault) return fault.fault;
  if ("delayMs" in fault) return `${fault.delayMs} ms late`;
  return "redirect" in fault ? `${fault.status ?? 307} to ${fault.redirect}` : `status ${fault.status}`;
}
