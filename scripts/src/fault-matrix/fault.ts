import type { Step, WireRequest } from "./wire-server.ts";

/** What a fault can make its answer of. */
export interface FaultContext {
  readonly request: WireRequest;
  /** How many requests of the same operation met the fault before. */
  readonly before: number;
  /** Where the request arrived, without a path. */
  readonly origin: string;
  /** Another origin, which answers with a token of its own and remembers who asked. */
  readonly elsewhere: string;
  /** The secret values a vendor can know. */
  readonly secrets: readonly string[];
  /** The documented success, with a token that is issued by it; or with another value as the token, or as its lifetime. */
  success(changes?: TokenChanges): Reply;
  /** The body documented for a status; the success's where none is. */
  documented(status: number): unknown;
}

/** What differs from a token as it should be. A member that is there with `undefined` is left out of the answer. */
export interface TokenChanges {
  readonly token?: unknown;
  readonly lifetime?: unknown;
}

/** An answer as HTTP has it. */
export interface Reply {
  readonly status: number;
  readonly headers?: readonly (readonly [string, string])[];
  readonly body?: string | Uint8Array;
}

/** One thing that can go wrong with the answer to a request. */
export interface Fault {
  readonly name: string;
  readonly group: string;
  /** Only the answer of an operation that issues tokens can have it. Default: every answer. */
  readonly issuing?: true;
  /** It is a whole answer that comes at once, so that what it says is known in time. */
  readonly isPrompt?: true;
  /** What is not over within a deadline of the matrix is given a longer one. */
  readonly isSlow?: true;
  /** The server is gone while it lasts. */
  readonly refuses?: true;
  /** How often a request that meets it may be sent, where that is more than once. */
  readonly sends?: number;
  answer(context: FaultContext): readonly Step[];
}

export const JSON_TYPE = ["content-type", "application/json"] as const;

/** The bytes of an answer; its length is stated unless its headers say how it ends. */
export function bytesOf({ status, headers = [], body = "" }: Reply): Step[] {
  const content = typeof body === "string" ? Buffer.from(body) : body;
  const isFramed = headers.some(([name]) => /^(content-length|transfer-encoding|connection)$/i.test(name));
  const all = isFramed ? headers : [...headers, ["content-length", String(content.length)] as const];
  return [headOf(status, all), content];
}

/** A status line and headers, with the empty line that ends them. */
export function headOf(status: number | string, headers: readonly (readonly [string, string])[]): string {
  return [`HTTP/1.1 ${status} Made Up`, ...headers.map(([name, value]) => `${name}: ${value}`), "", ""].join("\r\n");
}

/** An answer that holds JSON. */
export function jsonReply(status: number, value: unknown, headers: Reply["headers"] = []): Reply {
  return { status, headers: [JSON_TYPE, ...headers], body: jsonText(value) };
}

const RAW = "raw:";

/** A number JavaScript could not write. */
export const raw = (text: string) => `${RAW}${text}`;

/** JSON in which what {@link raw} made stands as it is. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value ?? null).replaceAll(new RegExp(`"${RAW}([^"]*)"`, "g"), "$1");
}
