import type { Members } from "./checks.ts";
import type { Fail } from "./errors.ts";
import type { HeadersInput } from "./http.ts";
import type { Settings } from "./options.ts";
import type { OperationDescription } from "./vendor.ts";

/** The parts of a request, by where they go. */
export interface RequestParts {
  readonly path?: Members | undefined;
  readonly query?: Members | undefined;
  readonly header?: Members | undefined;
  readonly body?: unknown;
  /** The caller's headers; they win. */
  readonly headers?: HeadersInput | undefined;
}

/** An operation's request, written as the spec says. */
export function serialize(
  { method, path, baseUrl: server, contentType, accept = "application/json" }: OperationDescription,
  { vendor: { features }, baseUrl }: Pick<Settings, "vendor" | "baseUrl">,
  { path: segments, query, header, body, headers: more }: RequestParts,
  fail: Fail,
): { url: string; init: RequestInit } {
  const search = features.pairs?.(query).replaceAll("+", "%20");
  const url = (server ?? baseUrl) + (features.paths?.(path, segments, fail) ?? path) + (search ? `?${search}` : "");
  const own: Members = { Accept: accept };
  let text: string | null = null;
  if (contentType && body !== undefined) {
    own["Content-Type"] = contentType;
    const form = /form/.test(contentType) ? features.pairs?.(body) : undefined;
    text = /json$/.test(contentType) ? JSON.stringify(body) : (form ?? String(body));
  }
  try {
    const headers = headersOf(more);
    for (const [name, value] of Object.entries({ ...own, ...header }))
      if (value != null && !headers.has(name)) headers.set(name, String(value));
    // Whether a redirect is refused is judged where its answer is read.
    return { url, init: { method, headers, body: text, redirect: "manual" } };
  } catch {
    // The reason would quote the value, which may be a secret.
    throw fail("a header has a name or value that cannot be sent");
  }
}

/** Headers without those that have no value. */
export function headersOf(given: HeadersInput = {}): Headers {
  const entries = Symbol.iterator in given ? [...given] : Object.entries(given);
  return new Headers(entries.filter(([, value]) => value != null) as [string, string][]);
}

/** A path with its members. A segment that is empty or made of dots would lead to another operation's path. */
export function fillPath(path: string, values: Members = {}, fail: Fail): string {
  return path.replace(/\{([^{}]+)\}/g, (_, name: string) => {
    const value = values[name];
    const isText = typeof value === "string" ? value.isWellFormed() : typeof value === "number";
    if (value === undefined) throw fail(`${name} is missing`);
    if (!isText || /^\.{0,2}$/.test(String(value))) throw fail(`${name} has to be a string that can stand in a path`);
    return encodeURIComponent(value as string);
  });
}

/** Names and values as a form or a query has them: a list member by member, an object as `name[key]`. */
export function pairs(values: unknown = {}): string {
  const all = new URLSearchParams();
  for (const [name, value] of Object.entries(values as Members)) {
    const isDeep = typeof value === "object" && value !== null;
    for (const [key, each] of isDeep ? Object.entries(value) : [["", value]])
      if (each != null) all.append(isDeep && !Array.isArray(value) ? `${name}[${key}]` : name, String(each));
  }
  return String(all);
}
