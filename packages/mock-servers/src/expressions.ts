import type { PrismResponse } from "./prism.ts";

/** What a runtime expression (`$response.body#/a/b`, `$response.header.x`) finds in an answer. */
export function valueAt(expression: string, { headers = {}, body }: PrismResponse): unknown {
  const header = headerOf(expression);
  if (header) return Object.entries(headers).find(([name]) => name.toLowerCase() === header)?.[1];
  return keysOf(expression).reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], body);
}

/** The answer with a value put where a runtime expression points. */
export function withValueAt(expression: string, response: PrismResponse, value: unknown): PrismResponse {
  const header = headerOf(expression);
  if (header) {
    const others = Object.entries(response.headers ?? {}).filter(([name]) => name.toLowerCase() !== header);
    return { ...response, headers: { ...Object.fromEntries(others), [header]: String(value) } };
  }
  const put = (at: unknown, [key, ...rest]: string[]): unknown =>
    key === undefined
      ? value
      : { ...(at as object), [key]: put((at as Record<string, unknown> | undefined)?.[key], rest) };
  return { ...response, body: put(response.body, keysOf(expression)) };
}

function headerOf(expression: string): string | undefined {
  return /^\$response\.header\.(.+)$/.exec(expression)?.[1]?.toLowerCase();
}

/** RFC 6901: the keys of a JSON pointer. */
function keysOf(expression: string): string[] {
  const [, pointer = ""] = expression.split("#/");
  return pointer === "" ? [] : pointer.split("/").map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
}
