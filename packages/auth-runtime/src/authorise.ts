import { cancel } from "./answer-body.ts";
import { isHeaderSafe } from "./checks.ts";
import type { Fail } from "./errors.ts";
import type { FetchInput, Send } from "./http.ts";
import type { Settings } from "./options.ts";
import { createRefusals, type Route } from "./refusals.ts";
import { isRequest, type RequestInput, readInput, sameKindOf } from "./request-input.ts";
import type { Token, TokenSource } from "./token-source.ts";
import type { OperationDescription, Scheme, Vendor } from "./vendor.ts";

/** Writes the values of the schemes without an exchange: one credential as it is, or two as Basic. */
export function fixedValues(
  { schemes, features }: Vendor,
  credentials: Settings["credentials"],
  fail: Fail,
): Record<string, string> {
  const entries = Object.entries(schemes).map(([name, scheme]) => {
    const { credentials: names = [], in: place } = scheme;
    const given = names.map((each) => String(credentials[each]));
    const [first = "", second] = features.template?.(scheme, given) ?? given;
    // RFC 7617 section 2: the first colon ends the user id.
    if (second !== undefined && first.includes(":")) throw fail(`${names[0]} must not contain a colon`);
    if (first && second === undefined && place !== "query" && !isHeaderSafe(first))
      throw fail(`${names[0]} has to be made of characters a header can carry`);
    return [name, second !== undefined ? base64(new TextEncoder().encode(`${first}:${second}`)) : first];
  });
  return Object.fromEntries(entries);
}

/** A scheme's text with its credentials filled in, for Basic in its two halves; `undefined` where it has none. */
export function fillTemplate(
  { template, prefix, credentials = [] }: Scheme,
  given: readonly string[],
): string[] | undefined {
  const [user = "", ...rest] = prefix === "Basic " ? (template?.split(":") ?? []) : [template];
  const fill = (text: string) =>
    text.replace(/\{([^{}]+)\}/g, (_, name: string) => given[credentials.indexOf(name)] ?? "");
  return template === undefined ? undefined : [user, ...(rest.length > 0 ? [rest.join(":")] : [])].map(fill);
}

export function base64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

/** The purpose of an authorised fetch: an operation of the spec, or any path with the vendor's own credentials. */
export type Target = Pick<OperationDescription, "security" | "role">;
/** Where each scheme's tokens come from. */
export type Sources = ReadonlyMap<string, TokenSource>;

/** A `fetch` that authorises; what it sends with may be another than the client's, and `deadline` is by the monotonic clock. */
export type AuthorisedFetch = (
  input: FetchInput,
  init?: RequestInit,
  send?: Send,
  deadline?: number,
) => Promise<Response>;

/** One sending of a request: its number, its answer, and the tokens it carried. */
interface Sent {
  readonly sending: number;
  readonly response: Response;
  readonly used: readonly [TokenSource, Token][];
}
/** Sends a request with the credentials of now; `repeat` where it was sent before. */
type SendOnce = (repeat?: RequestInit) => Promise<Sent>;

/** Creates the fetches of one client; they share what is known of refused tokens. */
export function createAuthorisedFetches({ vendor, fixed, origins, clock, emit, fail, fetch }: Settings) {
  const { features } = vendor;
  const refusals = createRefusals(clock);

  /**
   * A `fetch` that attaches the credentials of the target's schemes, only for allowed origins. It reads all it is called with
   * before it waits for anything. {@link createRefusals} says what follows a 401.
   */
  return ({ security, role }: Target, sources: Sources): AuthorisedFetch => {
    // Of all headers, fetch takes only Authorization off a request that is redirected to another origin.
    const isGuarded = security.some(
      (each) => !/^(authorization)?$/i.test(vendor.schemes[each]?.in ?? vendor.schemes[each]?.name ?? ""),
    );
    // A refresh is a raw call: no other token is obtained for it.
    const canReplay = role !== "refresh" && security.some((name) => sources.has(name));

    return async (input, init, send = fetch, deadline = Number.POSITIVE_INFINITY) => {
      const request = readInput(input, init, canReplay);
      const origin = allowedOrigin(request.url);
      const sendOnce: SendOnce = (repeat) => attachAndSend(request, send, repeat);
      try {
        if (!canReplay) return (await sendOnce()).response;
        return await sendUntilJudged(request, origin, sendOnce, deadline);
      } catch (error) {
        throw request.signal?.aborted ? request.signal.reason : error;
      } finally {
        request.release();
      }
    };

    async function attachAndSend(request: RequestInput, send: Send, repeat: RequestInit = {}): Promise<Sent> {
      const headers = new Headers(request.headers);
      const used: [TokenSource, Token][] = [];
      let [to, init]: [FetchInput, RequestInit] = [request.target, { ...request.init, ...repeat }];
      for (const name of security) {
        const scheme = vendor.schemes[name] as Scheme;
        const source = sources.get(name);
        const token = await source?.getToken({ signal: request.signal });
        if (source && token) used.push([source, token]);
        const value = (scheme.prefix ?? "") + (token?.accessToken ?? fixed[name]);
        if (!scheme.in) headers.set(scheme.name ?? "Authorization", value);
        else [to, init] = features.elsewhere?.(scheme, value, headers, to, init) ?? [to, init];
      }
      // It may have been aborted while a token was obtained that did not know of its signal.
      if (request.signal?.aborted) throw request.signal.reason;
      const sending = refusals.nextSending();
      const response = await send(to, { ...init, headers, ...(isGuarded && { redirect: "manual" }) });
      if (isGuarded && request.redirect !== "manual") refuseRedirect(response);
      return { sending, response, used };
    }
  };

  /** The origin of a URL that credentials may be sent to. */
  function allowedOrigin(url: string): string {
    // Fast path: a URL that starts with `${origin}/` has that origin.
    const origin = origins.find((each) => url.startsWith(`${each}/`)) ?? URL.parse(url)?.origin ?? "a relative URL";
    if (origins.includes(origin)) return origin;
    throw fail(
      `credentials go to ${origins.join(", ")} only, not to ${origin}; list it in origins to allow it`,
      "origin_not_allowed",
    );
  }

  function refuseRedirect({ type, status, body }: Response): void {
    if (type !== "opaqueredirect" && !/^30[12378]$/.test(String(status))) return;
    cancel(body);
    throw fail("a request with a secret follows no redirect", "redirect_refused");
  }

  /** Sends a request, and after a 401 once more with another token. */
  async function sendUntilJudged(
    request: RequestInput,
    origin: string,
    sendOnce: SendOnce,
    deadline: number,
  ): Promise<Response> {
    const startedAt = clock.monotonic();
    const route = routeOf(request, origin);
    let sent = await sendUntilSpread(request, sendOnce, deadline);
    const others = sent.response.status === 401 && (await replaceTokens(request, route, sent));
    if (others) {
      emit({ type: "request.replayed", durationMs: clock.monotonic() - startedAt });
      cancel(sent.response.body);
      sent = await sendUntilSpread(request, sendOnce, deadline, others);
      if (sent.response.status === 401) for (const [, token] of sent.used) refusals.failReplay(route, token);
    }
    const { response, used } = sent;
    if (response.status < 400 || response.status === 403) for (const [, token] of used) refusals.accept(route, token);
    return response;
  }

  /** Sends a request, and once more with the same token where that is new and was refused. */
  async function sendUntilSpread(
    request: RequestInput,
    sendOnce: SendOnce,
    deadline: number,
    repeat?: RequestInit,
  ): Promise<Sent> {
    const sent = await sendOnce(repeat);
    const { sending, response, used } = sent;
    const [[, token] = []] = used;
    const again = response.status === 401 && token && (await request.repeat());
    if (!again || !(await refusals.waitToSpread(token, sending, request.signal, deadline))) return sent;
    cancel(response.body);
    return sendOnce(again);
  }

  /**
   * Invalidates the tokens of a refused request and obtains others; returns the members of `init` to send it with again, or
   * `undefined` where no other token helps, none is to be had, or the request cannot be sent again.
   */
  async function replaceTokens(request: RequestInput, route: Route, { used }: Sent): Promise<RequestInit | undefined> {
    const [[, refused]] = used as [[TokenSource, Token]];
    const isLate = refusals.isReplaced(refused);
    const settled = isLate ? undefined : refusals.refuse(route, refused);
    const repeat = settled ? undefined : await request.repeat();
    if (!settled && !isLate) {
      for (const [source, token] of used) source.invalidate(token);
      refusals.setReplaced(refused, true);
      if (!repeat) refusals.failReplay(route, refused);
    }
    if (!repeat) {
      emit({ type: "request.not_replayed", reason: settled ?? "body" });
      return undefined;
    }
    const others = await Promise.all(used.map(([source]) => source.getToken({ signal: request.signal })));
    const isSame = others.every((token, index) => token === used[index]?.[1]);
    if (isSame) refusals.setReplaced(refused, false);
    if (isSame) emit({ type: "request.not_replayed", reason: "token" });
    return isSame ? undefined : repeat;
  }
}

/** Where a request goes; the path is parsed only for one that was refused. Its query is left out: it may hold a secret. */
function routeOf({ method, url }: RequestInput, origin: string): Route {
  return {
    origin,
    get name() {
      return `${method} ${origin}${URL.parse(url)?.pathname}`;
    },
  };
}

/** Puts a credential into a cookie or the query: what is then fetched, and how. */
export function attachElsewhere(
  { in: place, name = "" }: Scheme,
  value: string,
  headers: Headers,
  to: FetchInput,
  init: RequestInit,
): [FetchInput, RequestInit] {
  if (place === "cookie") {
    headers.append("Cookie", `${name}=${value}`);
    return [to, init];
  }
  const url = new URL(to instanceof URL || typeof to === "string" ? to : to.url);
  url.searchParams.set(name, value);
  return isRequest(to) ? [sameKindOf(to, url, sameKindOf(to, to, init)), {}] : [url, init];
}
