import { type Clock, systemClock } from "./clock.ts";
import { VendorError } from "./errors.ts";
import { createEmitter, type EmitEvent } from "./events.ts";
import { checkNames, DEFAULT_HTTP, type HttpOptions, type HttpPolicy, isHeaderSafe } from "./http.ts";
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
  /** What requests are sent with. Default: the global `fetch`, looked up at each call. */
  fetch?: typeof fetch | undefined;
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

/** The options after they were checked. */
export interface Settings {
  readonly baseUrl: string;
  readonly origins: ReadonlySet<string>;
  readonly fetch: typeof fetch;
  readonly credentials: Readonly<Record<string, unknown>>;
  /** The values of the secret credentials. */
  readonly secrets: readonly string[];
  readonly http: HttpPolicy;
  readonly store: TokenStore | undefined;
  readonly emit: EmitEvent;
  readonly clock: Clock;
  readonly waitUntil: ((work: Promise<unknown>) => void) | undefined;
}

const FUNCTIONS = ["fetch", "onEvent", "waitUntil"];
const OPTION_NAMES = ["server", "origins", "insecureOrigins", "http", "store", "clock", ...FUNCTIONS];

/** Checks what a user gave at the door. Throws `invalid_options` or `insecure_url`, saying what to write instead. */
export function checkOptions(vendor: Vendor, options: unknown): Settings {
  const fail = (message: string) => new VendorError(vendor.package, "invalid_options", message);
  if (typeof options !== "object" || options === null) throw fail("pass an object of options");
  const given = options as Record<string, unknown> & ClientOptions;
  const known = [...Object.keys(vendor.credentials), ...OPTION_NAMES];
  checkNames(given, known, fail);
  for (const name of FUNCTIONS) checkFunctions({ [name]: given[name] ?? (() => undefined) }, [name], fail);
  if (given.store !== undefined) checkFunctions(given.store, ["get", "set", "delete"], fail);
  if (given.clock !== undefined) checkFunctions(given.clock, ["now", "monotonic"], fail);

  const credentials: Record<string, unknown> = {};
  const secrets: string[] = [];
  for (const [name, { secret, optional, any }] of Object.entries(vendor.credentials)) {
    const value = given[name];
    if (value === undefined && optional) continue;
    if (value === undefined || value === null) throw fail(`${name} is missing`);
    if (!any && (typeof value !== "string" || value === "")) throw fail(`${name} has to be a string that is not empty`);
    credentials[name] = value;
    if (secret) secrets.push(String(value));
  }
  checkSchemes(vendor, credentials, fail);

  const insecure = originsOf(given.insecureOrigins, "insecureOrigins", fail);
  const baseUrl = serverUrl(vendor, given["server"], fail);
  const origins = new Set([baseUrl.origin, ...originsOf(given.origins, "origins", fail)]);
  for (const origin of origins) {
    if (!isSecure(new URL(origin)) && !insecure.includes(origin)) {
      throw new VendorError(
        vendor.package,
        "insecure_url",
        `${origin} is neither https nor loopback; use https, or list it in insecureOrigins`,
      );
    }
  }
  return {
    baseUrl: baseUrl.href.replace(/\/$/, ""),
    origins,
    fetch: given.fetch ?? ((input, init) => globalThis.fetch(input, init)),
    credentials,
    secrets,
    http: checkHttp(given.http, fail),
    store: given.store,
    emit: createEmitter(given.onEvent),
    clock: given.clock ?? systemClock,
    waitUntil: given.waitUntil,
  };
}

function checkFunctions(holder: object, names: string[], fail: Fail): void {
  const missing = names.find((name) => typeof (holder as Record<string, unknown>)[name] !== "function");
  if (missing !== undefined) throw fail(`${missing} has to be a function`);
}

function checkHttp(http: HttpOptions | undefined, fail: Fail): HttpPolicy {
  if (http === undefined) return DEFAULT_HTTP;
  if (typeof http !== "object" || http === null) throw fail("http has to be an object");
  const names = Object.keys(DEFAULT_HTTP);
  checkNames(http, names, fail);
  const given = Object.entries(http).filter(([, value]) => value !== undefined);
  for (const [name, value] of given) {
    const least = name === "attempts" ? 1 : 0;
    if (typeof value !== "number" || !(value >= least)) throw fail(`http.${name} has to be a number, ${least} or more`);
  }
  return { ...DEFAULT_HTTP, ...Object.fromEntries(given) };
}

type Fail = (message: string) => VendorError;

function serverUrl({ servers }: Vendor, server: unknown, fail: Fail): URL {
  const names = Object.keys(servers);
  if (server instanceof URL || (typeof server === "string" && /^https?:\/\//i.test(server))) {
    const url = URL.canParse(String(server)) ? new URL(server) : undefined;
    if (!url?.protocol.startsWith("http")) throw fail("server is not a valid http or https URL");
    if (url.username || url.password || url.search || url.hash) {
      throw fail("server must not hold a user, a password, a query or a fragment");
    }
    return url;
  }
  const choice = server === undefined && names.length === 1 ? names[0] : server;
  const given = (typeof choice === "object" ? choice : { name: choice }) as Record<string, unknown> | null;
  const name = given?.["name"];
  const selected = typeof name === "string" && Object.hasOwn(servers, name) ? servers[name] : undefined;
  if (!selected) throw fail(`server has to be one of ${names.join(", ")}, or a URL`);
  const resolved = selected.url.replace(/\{([^{}]+)\}/g, (_, variable: string) => {
    const { enum: values, default: fallback } = selected.variables?.[variable] ?? {};
    const value = given?.[variable] ?? fallback;
    if (values?.includes(value as string)) return value as string;
    if (values) throw fail(`the server's ${variable} has to be one of ${values.join(", ")}`);
    if (typeof value !== "string" || !/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i.test(value)) {
      throw fail(
        `the server "${name}" needs its ${variable}, one DNS label: { name: "${name}", ${variable}: "your-${variable}" }`,
      );
    }
    return value;
  });
  return new URL(resolved);
}

function originsOf(list: unknown, option: string, fail: Fail): string[] {
  if (list === undefined) return [];
  if (!Array.isArray(list)) throw fail(`${option} has to be a list of origins, such as "https://api.example"`);
  return list.map((entry: unknown) => {
    if (typeof entry !== "string" || !/^https?:\/\//i.test(entry) || !URL.canParse(entry)) {
      throw fail(`${option} has an entry that is no origin; write "https://host" or "https://host:port"`);
    }
    return new URL(entry).origin;
  });
}

function checkSchemes({ schemes }: Vendor, credentials: Record<string, unknown>, fail: Fail): void {
  for (const { credentials: names = [], in: place } of Object.values(schemes)) {
    const [first = ""] = names;
    // RFC 7617 section 2: the first colon ends the user id.
    if (names.length === 2 && String(credentials[first]).includes(":")) throw fail(`${first} must not contain a colon`);
    if (names.length === 1 && place !== "query" && !isHeaderSafe(String(credentials[first]))) {
      throw fail(`${first} has to be made of characters a header can carry`);
    }
  }
}

function isSecure({ protocol, hostname }: URL): boolean {
  const isLoopback = hostname === "[::1]" || /^(127(\.\d+){3}|(.+\.)?localhost)$/.test(hostname);
  return protocol === "https:" || isLoopback;
}
