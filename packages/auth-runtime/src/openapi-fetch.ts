import createFetchClient, {
  type Client,
  createFinalURL,
  createQuerySerializer,
  defaultPathSerializer,
  mergeHeaders,
} from "openapi-fetch";
import type { OperationDescription } from "./vendor.ts";

// The one file that imports openapi-fetch, because its maintenance has ended: docs/decisions/0001.

export type { Client };
export { mergeHeaders };

/** The parts of a request, by where they go. */
export interface RequestParts {
  path: Record<string, unknown>;
  query: Record<string, unknown>;
  header: Record<string, unknown>;
  body: unknown;
}

const MEDIA_TYPES = {
  json: "application/json",
  form: "application/x-www-form-urlencoded",
  text: "text/plain",
} as const;

/** Makes an error of a path member that cannot stand in a path. */
type Fail = (message: string) => Error;

/** URL and body of an operation's request, serialised as the spec says. */
export function serialize(operation: OperationDescription, baseUrl: string, parts: RequestParts, fail: Fail) {
  const { path, query, body } = parts;
  const url = createFinalURL(operation.path, {
    baseUrl,
    params: { path, query },
    querySerializer: createQuerySerializer(),
    pathSerializer: safePath(fail),
  });
  return { url, body: body === undefined ? undefined : serializeBody(operation, body) };
}

type FetchOf = (
  operation: OperationDescription | undefined,
  fetch: typeof globalThis.fetch | undefined,
) => typeof fetch;
// openapi-fetch types a path by what the spec says of it; here any path passes through.
type Send = (path: string, init?: Record<string, unknown>) => Promise<unknown>;

/** The openapi-fetch client, with the credentials each operation needs and the content types the spec names. */
export function createTypedClient<Paths extends object>(
  baseUrl: string,
  operations: readonly OperationDescription[],
  fetchOf: FetchOf,
  fail: Fail,
): Client<Paths> {
  const client = createFetchClient<Paths>({ baseUrl, pathSerializer: safePath(fail) });
  const methods = client as unknown as Record<string, Send>;
  for (const method of ["GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE"]) {
    const send = methods[method] as Send;
    methods[method] = async (path, init = {}) => {
      const operation = operations.find((candidate) => candidate.path === path && candidate.method === method);
      const isText = Object.entries(operation?.responses ?? {}).some(
        ([status, kind]) => status[0] === "2" && kind === "text",
      );
      return send(path, {
        ...(isText && { parseAs: "text" }),
        ...(operation?.encoding && { bodySerializer: (body: unknown) => serializeBody(operation, body) }),
        ...init,
        headers: mergeHeaders(contentType(operation, init["body"]), init["headers"] as HeadersInit),
        fetch: fetchOf(operation, init["fetch"] as typeof fetch | undefined),
      });
    };
  }
  const shortcuts = methods as unknown as Record<string, (method: string, path: string, init?: object) => unknown>;
  shortcuts["request"] = (method, path, init) => methods[method.toUpperCase()]?.(path, { ...init });
  return client;
}

export function contentType(operation: OperationDescription | undefined, body: unknown): Record<string, string> {
  return operation?.encoding && body !== undefined ? { "Content-Type": MEDIA_TYPES[operation.encoding] } : {};
}

function serializeBody({ encoding }: OperationDescription, body: unknown): string {
  if (encoding === "text") return String(body);
  if (encoding !== "form") return JSON.stringify(body);
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(body as object)) {
    for (const each of [value].flat()) if (each !== undefined) form.append(name, String(each));
  }
  return form.toString();
}

/** A segment that is empty or made of dots would lead to another operation's path. */
function safePath(fail: Fail): typeof defaultPathSerializer {
  return (path, params) => {
    for (const [name, value] of Object.entries(params)) {
      const isText = typeof value === "string" ? value.isWellFormed() : typeof value === "number";
      if (!isText || /^\.{0,2}$/.test(String(value))) throw fail(`${name} has to be a string that can stand in a path`);
    }
    return defaultPathSerializer(path, params);
  };
}
