import createFetchClient, {
  type Client,
  createFinalURL,
  createQuerySerializer,
  defaultBodySerializer,
  defaultPathSerializer,
  mergeHeaders,
} from "openapi-fetch";
import type { OperationDescription } from "./vendor.ts";

// The one file that imports openapi-fetch, because its maintenance has ended: docs/decisions/0001.

export type { Client };

/** The parts of a request, by where they go. */
export interface RequestParts {
  path: Record<string, string>;
  query: Record<string, unknown>;
  header: Record<string, unknown>;
  body: unknown;
}

const MEDIA_TYPES = {
  json: "application/json",
  form: "application/x-www-form-urlencoded",
  text: "text/plain",
} as const;

/** URL, headers and body of an operation's request, serialised as the spec says. */
export function serialize(
  operation: OperationDescription,
  baseUrl: string,
  parts: RequestParts,
): { url: string; headers: Headers; body: BodyInit | undefined } {
  const headers = mergeHeaders(contentType(operation, parts.body), parts.header as Record<string, string>);
  const url = createFinalURL(operation.path, {
    baseUrl,
    params: { path: parts.path, query: parts.query },
    querySerializer: createQuerySerializer(),
    pathSerializer: defaultPathSerializer,
  });
  if (parts.body === undefined) return { url, headers, body: undefined };
  // Its declaration leaves out the headers, by which it tells a form from JSON.
  const serializeBody = defaultBodySerializer as (body: unknown, headers: Headers) => BodyInit;
  return {
    url,
    headers,
    body: operation.encoding === "text" ? String(parts.body) : serializeBody(parts.body, headers),
  };
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
): Client<Paths> {
  const client = createFetchClient<Paths>({ baseUrl });
  const methods = client as unknown as Record<string, Send>;
  const bind = (method: string, send: Send): Send => {
    return (path, init = {}) => {
      const operation = operations.find((candidate) => candidate.path === path && candidate.method === method);
      const isText =
        operation && Object.entries(operation.responses).some(([status, kind]) => status[0] === "2" && kind === "text");
      return send(path, {
        ...(isText && { parseAs: "text" }),
        ...(operation?.encoding === "text" && { bodySerializer: String }),
        ...init,
        headers: mergeHeaders(contentType(operation, init["body"]), init["headers"] as HeadersInit),
        fetch: fetchOf(operation, init["fetch"] as typeof fetch | undefined),
      });
    };
  };
  for (const method of ["GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE"]) {
    methods[method] = bind(method, methods[method] as Send);
  }
  const shortcuts = methods as unknown as Record<
    string,
    (...args: [string, string, Record<string, unknown>?]) => unknown
  >;
  shortcuts["request"] = (method, path, init) => methods[method.toUpperCase()]?.(path, init);
  return client;
}

function contentType(operation: OperationDescription | undefined, body: unknown): Record<string, string> {
  return operation?.encoding && body !== undefined ? { "Content-Type": MEDIA_TYPES[operation.encoding] } : {};
}
