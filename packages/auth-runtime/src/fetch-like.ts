import { NO_RESPONSE } from "./answer-body.ts";
import type { Fail } from "./errors.ts";
import type { Send } from "./http.ts";

/** The second argument of a `fetch` that operations, exchanges, refreshes and `client` call; `fetch` passes on its caller's. */
export interface FetchInit {
  method?: string;
  /** A `Headers`. It is typed as a record, too, because some classes of `fetch` take no other's `Headers` by their types. */
  headers?: Headers & Record<string, string>;
  body?: string;
  signal?: AbortSignal;
  redirect?: "follow" | "error" | "manual";
  cache?: "default" | "no-store" | "reload" | "no-cache" | "force-cache";
}

/** The members of an answer that are used. Its body is read from `body`, by `text()` or by `json()`: by the first that it has. */
export interface FetchAnswer {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
}

/** As a method, because the parameters of methods need not be the same. */
interface FetchMethod {
  fetch(input: string | URL, init?: FetchInit): Promise<FetchAnswer>;
}

/**
 * A `fetch` of any runtime or library: the global one, undici's, node-fetch's, a wrapped one or a test's. It is called as a
 * function, once for each request, with the URL and `init`; with a `Request` only where the caller of `client.fetch` passes one.
 */
export type FetchLike = FetchMethod["fetch"];

/**
 * Sends by a `fetch` that may be anybody's.
 *
 * @returns its answer, which may have no more than {@link FetchAnswer} says
 * @throws `invalid_options` where it resolves to something else
 */
export function sendBy(fetch: FetchLike, fail: Fail): Send {
  return async (...request) => checkAnswer(await (fetch as Send)(...request), fail);
}

function checkAnswer(answer: unknown, fail: Fail): Response {
  const { status, headers } = Object(answer) as Partial<Response>;
  if (typeof status === "number" && typeof headers?.get === "function") return answer as Response;
  const isObject = Object(answer) === answer;
  const lacks = typeof status === "number" ? "its headers have no get()" : "its answer has no status";
  throw fail(`${NO_RESPONSE}, but ${isObject ? lacks : `resolved to ${answer === null ? "null" : typeof answer}`}`);
}
