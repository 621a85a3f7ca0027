import type { Door } from "./doors.ts";
import type { Fault, FaultContext, TokenChanges } from "./fault.ts";
import { bytesOf, jsonReply } from "./fault.ts";
import { canaryCredentials, documentedBody, isIssuing, issue, jwtOf, operationAt, type Subject } from "./subject.ts";
import { type Step, startWireServer, type WireRequest, type WireServer } from "./wire-server.ts";

/** How long a caller waits at the most, in milliseconds: for an attempt, for an answer, or until it gives up itself. */
export interface Limits {
  readonly attemptTimeoutMs: number;
  readonly timeoutMs: number;
  readonly signalMs: number;
}

/** Long enough for an answer on loopback, and for the matrix to be over in minutes. */
const SHORT: Limits = { attemptTimeoutMs: 100, timeoutMs: 300, signalMs: 250 };
/** Longer than a client waits for anything but an answer. */
const LONG: Limits = { attemptTimeoutMs: 500, timeoutMs: 2500, signalMs: 2500 };

/** How often the clients of the matrix send a request at the most. */
export const ATTEMPTS = 3;

/** The path of the requests that no document knows. */
export const RESOURCE = "/fault-matrix/resource";

/** A client of a package, as the doors use it. */
export type AnyClient = Record<string, (...input: unknown[]) => Promise<unknown>> & {
  readonly fetch: typeof fetch;
  readonly client: Record<string, (path: string, init: object) => Promise<unknown>>;
};

interface Issued {
  readonly accessToken: string;
  readonly expiresAt: number | null;
}

/** A client, the vendor it talks to, and everything that was seen. */
export interface Situation extends AsyncDisposable {
  readonly subject: Subject;
  readonly fault: Fault;
  readonly limits: Limits;
  readonly client: AnyClient;
  readonly credentials: Record<string, unknown>;
  readonly server: WireServer;
  /** What arrived at another origin. */
  readonly strayed: readonly WireRequest[];
  readonly events: unknown[];
  /** What a store was given. */
  readonly stored: Map<string, unknown>;
  /** Work that goes on after a call, as a serverless runtime is told of it. */
  readonly background: Promise<unknown>[];
  /** What every secret and token contains, however it is written. */
  readonly mark: string;
  /** What the other origin issues. */
  readonly attacker: string;
  /** Every token that was issued, oldest first. */
  readonly tokens: readonly string[];
  readonly signal: AbortSignal;
  /** Starts the caller's time. */
  startSignal(): void;
  advance(ms: number): void;
  now(): number;
  /** From now on the fault happens to requests of the door's target, or to as many of them as the door says. */
  arm(door: Pick<Door, "target" | "meets">): Promise<void>;
  disarm(): Promise<void>;
  /** The requests of an operation so far. */
  requestsOf(target: string): WireRequest[];
  token(): Promise<Issued>;
}

const DAY_S = 86_400;
let situations = 0;

export async function startSituation(subject: Subject, fault: Fault): Promise<Situation> {
  const mark = `c4n4ry${process.pid}x${++situations}x`;
  const attacker = `4tt4cker${situations}`;
  const credentials = canaryCredentials(subject, mark);
  const limits = fault.isSlow ? LONG : SHORT;
  const tokens: string[] = [];
  const strayed: WireRequest[] = [];
  let armed: Pick<Door, "target" | "meets"> | undefined;
  let offsetMs = 0;

  const nextToken = () => `${mark}t${tokens.length}.~+/=`;
  const success = (operationId: string, changes: TokenChanges = {}) => {
    const iat = Math.floor((Date.now() + offsetMs) / 1000);
    const exp = "lifetime" in changes ? changes.lifetime : iat + DAY_S;
    const token = subject.exchange?.jwt ? jwtOf(`${mark}t${tokens.length}`, { iat, exp }) : nextToken();
    tokens.push(token);
    return issue(subject, operationId, token, changes);
  };
  let met = 0;
  const contextOf = (request: WireRequest, target: string): FaultContext => ({
    request,
    before: met,
    origin: server.origin,
    elsewhere: elsewhere.origin,
    secrets: [...secretsOf(subject, credentials), ...tokens],
    documented: (status) => documentedBody(subject, target, status).value,
    success(changes) {
      if (isIssuing(subject, target)) return success(target, changes);
      const { status, value } = documentedBody(subject, target);
      return jsonReply(status, value);
    },
  });
  const targetOf = ({ method, path }: WireRequest) => operationAt(subject, method, path) ?? path;
  const answer = (request: WireRequest): readonly Step[] => {
    const target = targetOf(request);
    const context = contextOf(request, target);
    if (target === armed?.target && met < (armed.meets ?? Number.POSITIVE_INFINITY)) {
      met++;
      return fault.answer(context);
    }
    return bytesOf(target.endsWith("/redirected") ? jsonReply(200, { redirected: true }) : context.success());
  };

  await using stack = new AsyncDisposableStack();
  const server = stack.use(await startWireServer(answer));
  const elsewhere = stack.use(
    await startWireServer((request) => {
      strayed.push(request);
      const { exchange } = subject;
      return bytesOf(exchange ? issue(subject, exchange.operationId, attacker) : jsonReply(200, { attacker }));
    }),
  );
  const events: unknown[] = [];
  const stored = new Map<string, unknown>();
  const background: Promise<unknown>[] = [];
  const client = subject.create({
    ...credentials,
    server: server.origin,
    http: {
      ...{ attempts: ATTEMPTS, backoffMs: 5, maxResponseBytes: 2 ** 16 },
      ...{ attemptTimeoutMs: limits.attemptTimeoutMs, timeoutMs: limits.timeoutMs },
    },
    clock: { now: () => Date.now() + offsetMs, monotonic: () => performance.now() + offsetMs },
    onEvent: (event: unknown) => void events.push(event),
    store: {
      get: (key: string) => stored.get(key),
      set: (key: string, token: unknown) => void stored.set(key, structuredClone(token)),
      delete: (key: string) => void stored.delete(key),
    },
    waitUntil: (work: Promise<unknown>) => void background.push(work),
  } as never) as AnyClient;
  const controller = new AbortController();
  const owned = stack.move();
  let timer: NodeJS.Timeout | undefined;
  owned.defer(() => clearTimeout(timer));

  return {
    ...{ subject, fault, limits, client, credentials, server, strayed, events, stored, background, mark },
    ...{ attacker, tokens },
    signal: controller.signal,
    startSignal() {
      timer = setTimeout(() => controller.abort(new DOMException("the caller's", "AbortError")), limits.signalMs);
    },
    advance(ms) {
      offsetMs += ms;
    },
    now: () => Date.now() + offsetMs,
    async arm(door) {
      armed = door;
      if (fault.refuses) await server.refuse();
    },
    async disarm() {
      armed = undefined;
      if (fault.refuses) await server.accept();
    },
    requestsOf: (target) => server.requests.filter((request) => targetOf(request) === target),
    token: () => client["getToken"]?.() as Promise<Issued>,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function secretsOf({ vendor }: Subject, credentials: Record<string, unknown>): string[] {
  return Object.entries(vendor.credentials).flatMap(([name, { secret }]) =>
    secret ? [String(credentials[name])] : [],
  );
}
