import type { IncomingHttpHeaders } from "node:http";
import { secretsIn } from "./collections.ts";
import { type Document, operationsOf } from "./entries/examples.ts";
import type { ReceivedRequest } from "./http-server.ts";
import type { State } from "./state.ts";

/** A request a mock has answered; secrets in it are masked. */
export interface MockRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** `undefined` for a path that is not in the spec. */
  readonly operationId: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** 0 where the connection was broken instead of answered. */
  readonly status: number;
  readonly durationMs: number;
  /** What is wrong with the request, and with the answer; nothing if both are as the spec says. */
  readonly violations: readonly string[];
  /** What went wrong because it was told to. */
  readonly fault: string | undefined;
}

const MASK = "[masked]";

/** Takes out of a request what may not be shown: members and parameters the spec marks as secrets, and every secret value known. */
export function createMask(document: Document, { secrets, isToken }: Pick<State, "secrets" | "isToken">) {
  const names = new Set(
    operationsOf(document).flatMap(({ parameters, requestBody, responses }) => [
      ...parameters.filter(({ schema }) => schema?.format === "password").map(({ name }) => name),
      ...Object.values(requestBody?.content ?? {}).flatMap(({ schema }) => secretsIn(schema)),
      ...Object.values(responses).flatMap(({ content = {} }) =>
        Object.values(content).flatMap(({ schema }) => secretsIn(schema)),
      ),
    ]),
  );
  const schemes = Object.values(document.components?.securitySchemes ?? {});
  for (const { type, name } of schemes) if (type === "apiKey" && name) names.add(name);
  const headerNames = ["authorization", "cookie", ...[...names].map((name) => name.toLowerCase())];

  const values = (text: string) =>
    secrets()
      .reduce((rest, secret) => (secret === "" ? rest : rest.replaceAll(secret, MASK)), text)
      .replace(/[\w.~+/-]*[\w-]{20,}/g, (word) => maskToken(word));
  // A path may have a token as one of its segments.
  const maskToken = (word: string) =>
    word
      .split("/")
      .map((part) => (isToken(part) ? MASK : part))
      .join("/");
  const members = (value: unknown): unknown => {
    if (typeof value === "string") return values(value);
    if (Array.isArray(value)) return value.map(members);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [name, names.has(name) ? MASK : members(member)]),
    );
  };
  const search = (text: string) => {
    const parameters = new URLSearchParams(text);
    for (const name of new Set(parameters.keys())) if (names.has(name)) parameters.set(name, MASK);
    return values(decodeURIComponent(parameters.toString().replaceAll("+", "%20")));
  };

  return ({ path, headers, body }: ReceivedRequest) => {
    const [pathname = "", query] = path.split("?");
    return {
      path: values(pathname) + (query === undefined ? "" : `?${search(query)}`),
      headers: maskHeaders(headers, headerNames),
      body: maskBody(body.toString(), headers, members, search, values),
    };
  };
}

function maskHeaders(headers: IncomingHttpHeaders, secret: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, secret.includes(name) ? MASK : String(value)]),
  );
}

function maskBody(
  text: string,
  headers: IncomingHttpHeaders,
  members: (value: unknown) => unknown,
  search: (text: string) => string,
  values: (text: string) => string,
): string {
  if (headers["content-type"]?.startsWith("application/x-www-form-urlencoded")) return search(text);
  try {
    return JSON.stringify(members(JSON.parse(text)));
  } catch {
    return values(text);
  }
}
