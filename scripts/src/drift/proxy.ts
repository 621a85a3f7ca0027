import { createRequire } from "node:module";
import { UsageError } from "../workspace.ts";

/** What Prism found wrong with one answer of the upstream, or with the request. */
export interface Violation {
  /** Where, beginning with `request` or `response`. */
  readonly location: readonly string[];
  readonly message: string;
  /** Prism warns of a status that is not documented, unless it is a success. */
  readonly isError: boolean;
}

export interface Observation {
  readonly method: string;
  /** The path as the document writes it. */
  readonly path: string;
  readonly status: number;
  /** Parsed where it is JSON. */
  readonly body: unknown;
  readonly violations: readonly Violation[];
}

/**
 * A `fetch` that goes through Prism's validation proxy, in this process: each request is sent to where it was going, and
 * `observe` is told what the document says of the answer. Redirects are not followed, because credentials would travel along.
 */
export async function validatingFetch(
  file: string,
  basePath: string,
  observe: (observation: Observation) => void,
): Promise<typeof fetch> {
  const require = createRequire(import.meta.url);
  const { createInstance, getHttpOperationsFromSpec } = require("@stoplight/prism-http") as PrismHttp;
  const { createLogger } = require("@stoplight/prism-core") as PrismCore;
  const operations = await getHttpOperationsFromSpec(file);
  const sent = new WeakMap<object, { request: Request; answered?: Answer; resource?: Resource }>();
  const forward: Forward =
    ({ data }, _upstream, _proxy, resource) =>
    () =>
    async () => {
      const entry = sent.get(data);
      if (!entry) throw new Error("[spec:drift] Prism forwards a request that nobody sent");
      try {
        entry.answered = await answerOf(entry.request);
        if (resource) entry.resource = resource;
        return { _tag: "Right", right: entry.answered };
      } catch (left) {
        return { _tag: "Left", left };
      }
    };
  const settings = {
    isProxy: true,
    checkSecurity: false,
    validateRequest: true,
    validateResponse: true,
    errors: false,
  };
  return async (input, init) => {
    const request = new Request(input, { ...init, redirect: "manual" });
    const { origin, pathname, searchParams } = new URL(request.url);
    const headers = Object.fromEntries(request.headers);
    const text = request.body ? await request.clone().text() : undefined;
    const data = {
      method: request.method.toLowerCase(),
      url: { path: pathname.slice(basePath.length), query: queryOf(searchParams) },
      headers: { ...headers, ...(text !== undefined && { "content-length": String(text.length) }) },
      body: text === undefined ? undefined : parseBody(text, request.headers.get("content-type")),
    };
    sent.set(data, { request });
    const config = { ...settings, upstream: new URL(origin) };
    const prism = createInstance(config, { logger: createLogger("drift", { level: "silent" }), forward });
    const settled = await prism.request(data, operations, config)();
    const { answered, resource } = sent.get(data) ?? {};
    if (settled._tag === "Left" || !answered) throw settled._tag === "Left" ? settled.left : new Error("no answer");
    const { input: requested, output } = settled.right.validations;
    const violations = [...named("request", requested), ...named("response", output)];
    const { method, path } = resource ?? { method: data.method, path: data.url.path };
    observe({ method, path, status: answered.statusCode, body: answered.body, violations });
    return answered.response;
  };
}

/** The origin a request could not reach, as the one sentence there is to say. */
export function unreachable(url: string, error: unknown): UsageError {
  const { code, name } = ((error as Error).cause ?? error) as { code?: string; name?: string };
  return new UsageError(
    `[spec:drift] ${new URL(url).origin} cannot be reached (${code ?? name}); nothing was compared`,
  );
}

async function answerOf(request: Request): Promise<Answer> {
  const response = await fetch(request).catch((error: unknown) => {
    throw unreachable(request.url, error);
  });
  const text = await response.clone().text();
  const headers = Object.fromEntries(response.headers);
  return { statusCode: response.status, headers, body: parseBody(text, headers["content-type"] ?? null), response };
}

/** As Prism takes it: JSON parsed, anything else as it is; so is JSON that is none. */
function parseBody(text: string, mediaType: string | null): unknown {
  if (!/^application\/(.+\+)?json/.test(mediaType ?? "")) return text === "" ? undefined : text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function queryOf(parameters: URLSearchParams): Record<string, string | string[]> {
  const names = [...new Set(parameters.keys())];
  return Object.fromEntries(names.map((name) => [name, single(parameters.getAll(name))]));
}

function single(values: string[]): string | string[] {
  return values.length === 1 ? (values[0] as string) : values;
}

function named(side: string, diagnostics: readonly Diagnostic[]): Violation[] {
  return diagnostics.map(({ path = [], message, severity }) => ({
    location: [side, ...path.map(String)],
    message,
    isError: severity === 0,
  }));
}

// Prism as far as it is used; fp-ts beneath it.
type Either<T> = { readonly _tag: "Left"; readonly left: unknown } | { readonly _tag: "Right"; readonly right: T };
type Answer = { statusCode: number; headers: Record<string, string>; body: unknown; response: Response };
type Resource = { readonly method: string; readonly path: string };
type Diagnostic = { readonly path?: readonly (string | number)[]; readonly severity: number; readonly message: string };
type Forward = (
  args: { data: object },
  upstream: string,
  proxy: unknown,
  resource?: Resource,
) => (logger: unknown) => () => Promise<Either<Answer>>;
interface PrismCore {
  createLogger(name: string, options: object): unknown;
}
interface PrismHttp {
  getHttpOperationsFromSpec(file: string): Promise<Resource[]>;
  createInstance(
    config: object,
    components: object,
  ): {
    request(
      data: object,
      operations: readonly Resource[],
      config: object,
    ): () => Promise<Either<{ validations: { input: Diagnostic[]; output: Diagnostic[] } }>>;
  };
}
