import type { IncomingHttpHeaders } from "node:http";
import { secretsIn } from "./collections.ts";
import { type Document, operationsOf } from "./entries/examples.ts";
import type { ReceivedRequest } from "./http-server.ts";
import type { State } from "./state.ts";
import { MOCK_TOKEN } from "./tokens.ts";
import { decoded } from "./url.ts";

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
/** Of a body no more than this is kept. */
const MAX_BODY_LENGTH = 10_000;

/** Takes out of a request what may not be shown: members and parameters the spec marks as secrets, and every secret value known. */
export function createMask(document: Document, { secrets }: Pick<State, "secrets">) {
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
  const headerNames = [
    "authorization",
    "proxy-authorization",
    "cookie",
    ...[...names].map((name) => name.toLowerCase()),
  ];

  const values = (text: string) =>
    secrets()
      .reduce((rest, secret) => (secret === "" ? rest : rest.replaceAll(secret, MASK)), text)
      .replace(MOCK_TOKEN, MASK);
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
    return values(decoded(parameters.toString().replaceAll("+", "%20")));
  };

  /** Of what cannot be parsed, the members that look like a secret's. */
  const quoted = (text: string) =>
    values(
      text.replace(/"(\w+)"(\s*:\s*)"[^"]*"?/g, (all, name, colon) =>
        names.has(name) ? `"${name}"${colon}"${MASK}"` : all,
      ),
    );

  return ({ path, headers, body }: ReceivedRequest) => {
    const [pathname = "", query] = path.split("?");
    const shown = maskBody(body.toString(), headers, members, search, quoted);
    return {
      path: values(pathname) + (query === undefined ? "" : `?${search(query)}`),
      headers: maskHeaders(headers, headerNames, values),
      body: shown.length > MAX_BODY_LENGTH ? `${shown.slice(0, MAX_BODY_LENGTH)}…` : shown,
    };
  };
}

function maskHeaders(
  headers: IncomingHttpHeaders,
  secret: readonly string[],
  values: (text: string) => string,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, secret.includes(name) ? MASK : values(String(value))]),
  );
}

function maskBody(
  text: string,
  headers: IncomingHttpHeaders,
  members: (value: unknown) => unknown,
  search: (text: string) => string,
  quoted: (text: string) => string,
): string {
  if (headers["content-type"]?.startsWith("application/x-www-form-urlencoded")) return search(text);
  try {
    return JSON.stringify(members(JSON.parse(text)));
  } catch {
    return quoted(text);
  }
}
