import { createRequire } from "node:module";
import { answerTo, pause, preflight } from "./answer.ts";
import type { MockClock } from "./clock.ts";
import { dereference, operationsOf } from "./entries/examples.ts";
import { MockError } from "./errors.ts";
import { createFaults, describeFault, type Fault } from "./faults.ts";
import { serve } from "./http-server.ts";
import { checkOptions } from "./options.ts";
import { createPrism } from "./prism.ts";
import { createRandom } from "./random.ts";
import { createMask, type MockRequest } from "./request-log.ts";
import { readSpec, specFile } from "./spec-file.ts";
import { createState, type StateOptions } from "./state.ts";
import { parsePath } from "./url.ts";

export interface MockOptions extends StateOptions {
  /** The port to listen on. Default: a free one. */
  port?: number | undefined;
  /** Paths beside the spec's that want a valid token: `/v1/**`. They are answered 200 with `{}`, or 401 without one. */
  protect?: readonly string[] | undefined;
  /** Plain Prism: every answer is the spec's example, and nothing is remembered. Default: false. */
  stateless?: boolean | undefined;
  /** How long every answer takes at the least, in milliseconds. Default: 0. */
  latencyMs?: number | undefined;
  /** Told of every request once it is answered. */
  onRequest?: ((request: MockRequest) => void) | undefined;
}

/** Of the requests no more than these are kept. */
const MAX_REQUESTS = 10_000;

/** A running mock of one spec; stops by itself at the end of an `await using` block. */
export interface MockServer extends AsyncDisposable {
  /** What it was started for. */
  readonly spec: string;
  /** Its base URL, ready to be a client's `server`. */
  readonly url: `http://127.0.0.1:${number}`;
  /** Credentials it accepts now, ready to be a client's options; which names they have, only the client's package knows. */
  readonly credentials: ReturnType<typeof JSON.parse>;
  /** Its time, ready to be a client's `clock`. */
  readonly clock: MockClock;
  /** The requests it has answered, the last 10,000, oldest first, with the secrets masked. */
  readonly requests: readonly MockRequest[];
  /**
   * Makes the next requests of an operation fail, or of any with `"*"`: by a status, beneath the answer, by a redirect or late.
   *
   * @throws {@link MockError} for an operation or a fault that cannot be.
   */
  fail(operationId: string, fault: Fault): void;
  /** Refuses every token it has issued from here on. */
  revokeTokens(): void;
  /** Forgets tokens, entries, faults and requests, and accepts its first credentials again; the clock goes on. */
  reset(): void;
  stop(): Promise<void>;
}

/**
 * Starts a mock server on loopback: Prism for the contract, with the state a vendor keeps.
 *
 * @param spec the name of an installed client package (`klavi-auth`), or the path of an OpenAPI 3.x file.
 * @throws {@link MockError} for a package or file that is not there, a document that is no OpenAPI, a port in use.
 */
export async function startMock(spec: string, options: MockOptions = {}): Promise<MockServer> {
  checkOptions(options);
  warnOnce();
  const { protect = [], stateless = false, latencyMs = 0, onRequest } = options;
  const file = specFile(spec);
  await readSpec(file);
  const document = await dereference(file);
  const state = createState(document, options);
  const prism = await createPrism(file, stateless ? undefined : state.layer);
  const operationIds = new Map(
    operationsOf(document).map(({ method, path, operationId }) => [`${method} ${path}`, operationId]),
  );
  const chances = createRandom(options.seed);
  const faults = createFaults([...operationIds.values()], chances);
  const mask = createMask(document, state);
  const requests: MockRequest[] = [];
  let isStopped = false;

  const server = await serve(async (received, response) => {
    const startedAt = performance.now();
    const routed = prism.route(received.method, parsePath(received.path)?.pathname ?? "/");
    const operationId = routed && operationIds.get(`${routed.method} ${routed.path}`);
    // What a browser asks before it asks is no request of its user's.
    const fault = preflight(received) ? undefined : faults.next(operationId);
    if (latencyMs > 0) await pause(latencyMs);
    const answer = await answerTo({ received, fault, prism, state, protect, stateless }, response);
    const entry: MockRequest = {
      method: received.method,
      operationId,
      ...mask(received),
      status: answer?.statusCode ?? 0,
      durationMs: performance.now() - startedAt,
      violations: (answer?.violations ?? []).map(({ location, message }) => `${location.join(".")} ${message}`),
      fault: fault && describeFault(fault),
    };
    requests.push(entry);
    if (requests.length > MAX_REQUESTS) requests.shift();
    // A listener's mistake is the listener's alone.
    (async () => onRequest?.(entry))().catch(() => undefined);
  }, options.port);

  const running = <Arguments extends unknown[]>(work: (...args: Arguments) => void) => {
    return (...args: Arguments) => {
      if (isStopped) throw new MockError(`the mock of ${spec} was stopped; start another`);
      work(...args);
    };
  };
  const stop = async () => {
    isStopped = true;
    await server.stop();
  };
  return {
    spec,
    url: server.url,
    get credentials() {
      return state.credentials();
    },
    clock: state.clock,
    requests,
    fail: running(faults.add),
    revokeTokens: running(state.revokeTokens),
    reset: running(() => {
      state.reset();
      chances.restart();
      faults.clear();
      requests.length = 0;
    }),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** Starts several, all in this process, on ports that follow each other from `port`, or on free ones. Stops all if one fails. */
export async function startMocks(specs: readonly string[], options: MockOptions = {}): Promise<MockServer[]> {
  const { port = 0 } = options;
  const settled = await Promise.allSettled(
    specs.map((spec, index) => startMock(spec, { ...options, port: port === 0 ? 0 : port + index })),
  );
  const running = settled.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  const failed = settled.find((result) => result.status === "rejected");
  if (!failed) return running;
  await Promise.all(running.map((mock) => mock.stop()));
  throw failed.reason;
}

let isWarned = false;
/** Prism declares the Node it is made for; below it most of it works, which is worth one line. */
function warnOnce(): void {
  if (isWarned) return;
  const { engines } = createRequire(import.meta.url)("@stoplight/prism-http-server/package.json") as {
    engines: { node: string };
  };
  const parts = (version: string) => version.replace(/^\D*/, "").split(".").map(Number);
  const [have, want] = [parts(process.versions.node), parts(engines.node)];
  const first = have.findIndex((part, index) => part !== want[index]);
  if (first < 0 || (have[first] ?? 0) > (want[first] ?? 0)) return;
  isWarned = true;
  process.emitWarning(`Prism is made for Node ${engines.node}; this is ${process.versions.node}`, "MockWarning");
}
