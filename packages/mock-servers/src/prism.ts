import type { IncomingHttpHeaders } from "node:http";
import { createRequire } from "node:module";
import { MockError } from "./errors.ts";

/** A request as Prism sees it. */
export interface PrismRequest {
  readonly method: string;
  readonly url: { readonly path: string; readonly baseUrl?: string; readonly query: Record<string, string | string[]> };
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

/** An answer before it is written. */
export interface PrismResponse {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** What Prism finds wrong with a request or an answer. */
export interface Violation {
  readonly location: readonly string[];
  readonly severity: string;
  readonly code?: string | number;
  readonly message: string;
}

/** What Prism knows of an operation. */
export interface PrismOperation {
  readonly method: string;
  readonly path: string;
}

/** Prism's own answer: to the request as it is, or one of a status the spec documents. Throws where it has none. */
export type Negotiate = (status?: number) => PrismResponse;

/** What stands between Prism's contract and its examples; without it Prism answers as its CLI does. */
export interface Layer {
  /** Whether the credentials that a request carries are good; that it carries some, Prism has seen already. */
  isAuthorised(operation: PrismOperation, request: PrismRequest): boolean;
  /** The answer to a request that is valid and authorised. */
  answer(operation: PrismOperation, request: PrismRequest, negotiate: Negotiate): PrismResponse;
}

export interface PrismAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The body as it is sent. */
  readonly text: string | undefined;
  /** What is wrong with the request, and with the answer. */
  readonly violations: readonly Violation[];
  /** Prism refused the request by an answer of its own, which no spec documents. */
  readonly isProblem: boolean;
}

export interface Prism {
  /** The operation a request is for, if it is one of the spec's. */
  route(method: string, path: string): PrismOperation | undefined;
  answer(request: PrismRequest): Promise<PrismAnswer>;
}

// fp-ts, as far as Prism hands it out.
type Either<T> = { readonly _tag: "Left"; readonly left: unknown } | { readonly _tag: "Right"; readonly right: T };
interface MockArguments {
  readonly resource: PrismOperation;
  readonly input: { readonly data: PrismRequest; readonly validations: readonly { severity: number }[] };
  readonly config: { code?: number; exampleKey?: string; dynamic?: boolean };
}
type Mock = (args: MockArguments) => (logger: unknown) => Either<PrismResponse>;
type Validate = (args: { resource: PrismOperation; element: PrismRequest }) => Either<unknown>;

const ERROR = 0;

/** A Prism of one file, in this process. Throws {@link MockError} for a document that Prism cannot serve. */
export async function createPrism(file: string, layer?: Layer): Promise<Prism> {
  const { core, http, mock, validateSecurity, route, readPreferences, serialize } = await loadPrism();
  const operations = await http.getHttpOperationsFromSpec(file).catch((cause: unknown) => {
    const [reason] = String((cause as Error).message).split("\n");
    throw new MockError(`${file} cannot be served: ${reason}`, { cause });
  });
  if (operations.length === 0) throw new MockError(`${file} has no operations to serve`);

  const config = {
    isProxy: false,
    checkSecurity: true,
    validateRequest: true,
    validateResponse: true,
    errors: false,
    upstreamProxy: undefined,
    mock: { dynamic: false },
  };
  const prism = http.createInstance(config, {
    logger: core.createLogger("mock", { level: "silent" }),
    ...(layer && { mock: layeredMock(mock, layer), validateSecurity: layeredSecurity(validateSecurity, layer) }),
  });

  return {
    route(method, path) {
      const input = { method: method.toLowerCase(), url: { path, query: {} } };
      const routed = route({ resources: operations, input });
      return routed._tag === "Right" ? routed.right : undefined;
    },
    async answer(request) {
      const preferences = readPreferences(request);
      if (preferences._tag === "Left") return problem(http, preferences.left);
      const mocked = { ...config, mock: { ...config.mock, ...preferences.right } };
      const settled = await prism.request(request, operations, mocked)();
      if (settled._tag === "Left") return problem(http, settled.left);
      const { statusCode, headers = {}, body } = settled.right.output;
      const { input, output } = settled.right.validations;
      const [, mediaType] = Object.entries(headers).find(([name]) => name.toLowerCase() === "content-type") ?? [];
      const violations = [...named("request", input), ...named("response", output)];
      try {
        return { statusCode, headers, text: serialize(body, mediaType), violations, isProblem: false };
      } catch (error) {
        return problem(http, error);
      }
    },
  };
}

function layeredSecurity(validate: Validate, { isAuthorised }: Layer): Validate {
  return (args) => {
    // Prism refuses a Basic pair whose secret holds a colon, which RFC 7617 allows; who knows the credentials knows better.
    if (isAuthorised(args.resource, args.element)) return { _tag: "Right", right: args.element };
    const validated = validate(args);
    if (validated._tag === "Left") return validated;
    return {
      _tag: "Left",
      left: [{ code: 401, severity: ERROR, message: "The credentials are not accepted", tags: [] }],
    };
  };
}

function layeredMock(mock: Mock, { answer }: Layer): Mock {
  return (args) => (logger) => {
    const { config, input, resource } = args;
    const isRefused = input.validations.some(({ severity }) => severity === ERROR);
    // Who prefers an answer gets it, as from the CLI.
    const isPreferred = config.code !== undefined || config.exampleKey !== undefined || config.dynamic === true;
    if (isRefused || isPreferred) return mock(args)(logger);
    try {
      const right = answer(resource, input.data, (code) => {
        const answered = mock(code === undefined ? args : { ...args, config: { ...config, code } })(logger);
        if (answered._tag === "Left") throw answered.left;
        return answered.right;
      });
      return { _tag: "Right", right };
    } catch (left) {
      return { _tag: "Left", left };
    }
  };
}

function problem(http: PrismHttp, error: unknown): PrismAnswer {
  const { status = 500, additional } = error as {
    status?: number;
    additional?: { headers?: Record<string, string>; validation?: Violation[] };
  };
  return {
    statusCode: status,
    headers: { "content-type": "application/problem+json", ...additional?.headers },
    text: JSON.stringify(http.ProblemJsonError.toProblemJson(error)),
    violations: (additional?.validation ?? []).map((violation) => ({
      ...violation,
      location: violation.location ?? [],
    })),
    isProblem: true,
  };
}

function named(prefix: string, diagnostics: readonly Diagnostic[]): Violation[] {
  return diagnostics.map(({ path = [], severity, code, message }) => ({
    location: [prefix, ...path.map(String)],
    severity: ["Error", "Warning", "Information", "Hint"][severity] ?? "Error",
    ...(code !== undefined && { code }),
    message,
  }));
}

interface Diagnostic {
  readonly path?: readonly (string | number)[];
  readonly severity: number;
  readonly code?: string | number;
  readonly message: string;
}
interface PrismHttp {
  getHttpOperationsFromSpec(file: string): Promise<PrismOperation[]>;
  createInstance(
    config: object,
    components: object,
  ): {
    request(
      request: PrismRequest,
      operations: readonly PrismOperation[],
      config: object,
    ): () => Promise<Either<{ output: PrismResponse; validations: { input: Diagnostic[]; output: Diagnostic[] } }>>;
  };
  ProblemJsonError: { toProblemJson(error: unknown): object };
}
interface LoadedPrism {
  core: { createLogger(name: string, options: object): unknown };
  http: PrismHttp;
  mock: Mock;
  validateSecurity: Validate;
  route(args: { resources: readonly PrismOperation[]; input: object }): Either<PrismOperation>;
  readPreferences(request: PrismRequest): Either<object>;
  serialize(body: unknown, mediaType: string | undefined): string | undefined;
}

/**
 * Prism takes over a second to load, so nobody pays for it who only wants an error.
 * Five of its parts are not exported; its version is exact because of them.
 */
async function loadPrism(): Promise<LoadedPrism> {
  const require = createRequire(import.meta.url);
  const http = require("@stoplight/prism-http") as PrismHttp;
  return {
    core: require("@stoplight/prism-core") as LoadedPrism["core"],
    http,
    mock: (require("@stoplight/prism-http/dist/mocker") as { default: Mock }).default,
    validateSecurity: (require("@stoplight/prism-http/dist/validator") as { validateSecurity: Validate })
      .validateSecurity,
    route: (require("@stoplight/prism-http/dist/router") as { default: LoadedPrism["route"] }).default,
    readPreferences: (
      require("@stoplight/prism-http-server/dist/getHttpConfigFromRequest") as {
        getHttpConfigFromRequest: LoadedPrism["readPreferences"];
      }
    ).getHttpConfigFromRequest,
    serialize: (require("@stoplight/prism-http-server/dist/serialize") as { serialize: LoadedPrism["serialize"] })
      .serialize,
  };
}
