import { checkMethods, checkNames, checkNumber, type Members } from "./checks.ts";
import { type Clock, checkClock, type Moment } from "./clock.ts";
import { type Fail, failOf } from "./errors.ts";
import type { EmitEvent } from "./events.ts";
import { type FetchLike, sendBy } from "./fetch-like.ts";
import { DEFAULT_HTTP, type HttpOptions, type HttpPolicy, type NamedSend, ownFetch } from "./http.ts";
import { createRedact, KNOWN_TOKENS, type Redact } from "./redact.ts";
import { originsOf, serverUrl } from "./server-url.ts";
import type { TokenStore } from "./store.ts";
import type { Vendor } from "./vendor.ts";

/** Any server by its URL, such as a mock's. */
export type ServerUrl = URL | `http://${string}` | `https://${string}`;

/** Options every package takes beside its credentials and `server`. */
export interface ClientOptions {
  /** Further origins (`https://host:port`) the credentials may be sent to. Default: only the selected server's. */
  origins?: readonly string[] | undefined;
  /** Origins that may be spoken to over plain http, such as a compose network's mock. Loopback always may. */
  insecureOrigins?: readonly string[] | undefined;
  /** Sends the requests: any library's `fetch`. Default: the global `fetch`, looked up at each call. */
  fetch?: FetchLike | undefined;
  /** How token exchanges and operations are sent: attempts, deadlines, limits. */
  http?: HttpOptions | undefined;
  /** Shares tokens with other processes. Default: a token is kept by this client alone. */
  store?: TokenStore | undefined;
  /** Told of what happens to tokens and requests; see {@link ClientEvent}. Nothing it is told is secret. */
  onEvent?: EmitEvent | undefined;
  /** Where time comes from. Default: the system's clocks. */
  clock?: Clock | undefined;
  /** Keeps background work alive on runtimes that end it with the request, such as `context.waitUntil` of a worker. */
  waitUntil?: ((work: Promise<unknown>) => void) | undefined;
}

/** The options after they were checked, and whose they are. */
export interface Settings {
  readonly vendor: Vendor;
  readonly fail: Fail;
  readonly baseUrl: string;
  readonly origins: readonly string[];
  readonly fetch: NamedSend;
  readonly credentials: Readonly<Members>;
  /** The values of the schemes that have no exchange. */
  readonly fixed: Readonly<Record<string, string>>;
  /** The last tokens: an answer may echo one that was replaced while it was under way. */
  readonly tokens: string[];
  /** Replaces the secrets and tokens in what vendors and other people's errors say. */
  readonly redact: Redact;
  readonly http: HttpPolicy;
  readonly store: TokenStore | undefined;
  readonly emit: EmitEvent;
  readonly clock: Clock;
  readonly waitUntil: ((work: Promise<unknown>) => void) | undefined;
  /** The writes to the store that are under way; none of them rejects. */
  readonly writes: Set<Promise<unknown>>;
  /** By operation: throws where a success brings no token that can be used. Filled where tokens are obtained. */
  readonly answerChecks: Map<string, (data: unknown, headers: Headers, requested: Moment) => unknown>;
}

/** The methods an option has to have; none where it is a function itself. */
const METHODS = { fetch: "", onEvent: "", waitUntil: "", store: "get, set, delete" };

/** Checks what a user gave at the door. Throws `invalid_options` or `insecure_url`, saying what to write instead. */
export function checkOptions(vendor: Vendor, options: unknown): Settings {
  const fail = failOf(vendor.package);
  const known = [...Object.keys(vendor.credentials), "server", "origins", "insecureOrigins", "http", "clock"];
  const given: ClientOptions & Members = checkNames(options, [...known, ...Object.keys(METHODS)], fail);
  for (const [name, methods] of Object.entries(METHODS)) checkMethods(given[name], methods, name, fail);

  const credentials: Members = {};
  const secrets: string[] = [];
  for (const [name, { optional, any, secret }] of Object.entries(vendor.credentials)) {
    const value = given[name];
    if (value === undefined && optional) continue;
    if (value === undefined || value === null) throw fail(`${name} is missing`);
    if (!any && (typeof value !== "string" || !value)) throw fail(`${name} has to be a string, not empty`);
    credentials[name] = value;
    if (secret) secrets.push(String(value));
  }
  const fixed = vendor.features.credentials?.(vendor, credentials, fail) ?? {};

  const baseUrl = serverUrl(vendor, given, fail);
  const origins = [...new Set([new URL(baseUrl).origin, ...originsOf("origins", given, fail)])];
  const safe = originsOf("insecureOrigins", given, fail);
  for (const origin of origins) {
    if (!/^(https:|http:\/\/(\[::1\]|127\.[\d.]+|(.+\.)?localhost)(:\d+)?$)/.test(origin) && !safe.includes(origin))
      throw fail(`${origin} is neither https nor loopback; use https, or list it in insecureOrigins`, "insecure_url");
  }
  const http: Record<string, number> = { ...DEFAULT_HTTP };
  for (const [name, value] of Object.entries(checkNames(given.http ?? {}, Object.keys(http), fail)))
    if (value !== undefined) http[name] = checkNumber(value, name === "attempts" ? 1 : 0, `http.${name}`, fail);
  const tokens: string[] = Array(KNOWN_TOKENS).fill("");
  const redact = createRedact(() => [...secrets, ...Object.values(fixed), ...tokens]);
  return {
    vendor,
    fail,
    baseUrl,
    origins,
    fetch: given.fetch
      ? ownFetch(sendBy(given.fetch, fail), fail, redact)
      : sendBy((...request) => (globalThis.fetch as FetchLike)(...request), fail),
    credentials,
    fixed,
    tokens,
    redact,
    http: http as HttpPolicy,
    store: given.store,
    // A listener's mistake is the listener's alone.
    emit: (event) => void (async () => given.onEvent?.(event))().catch(() => undefined),
    clock: checkClock(given.clock, fail, redact),
    // A token is good even where nothing keeps the work on it alive.
    waitUntil: given.waitUntil && ((work) => void (async () => given.waitUntil?.(work))().catch(() => undefined)),
    writes: new Set(),
    answerChecks: new Map(),
  };
}
