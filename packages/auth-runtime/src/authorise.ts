import { isHeaderSafe } from "./checks.ts";
import type { Fail } from "./errors.ts";
import { type FetchInput, readBody, type Send } from "./http.ts";
import type { Settings } from "./options.ts";
import type { Token, TokenSource } from "./token-source.ts";
import type { OperationDescription, Scheme, Vendor } from "./vendor.ts";

/** What the schemes without an exchange send: one credential as it is, or two as Basic. */
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

/** What an authorised fetch is made for: an operation of the spec, or any path with the vendor's own credentials. */
export type Target = Pick<OperationDescription, "security" | "secrets" | "role">;
/** Where each scheme's tokens come from. */
export type Sources = ReadonlyMap<string, TokenSource>;

/** A body longer than this is not kept for a replay. */
const REPLAY_LIMIT_BYTES = 2 ** 20;
/** A 401 to a token that a replay obtained less than this ago is the resource's answer, and no other token would change it. */
const SETTLED_MS = 30_000;

/** A `fetch` that authorises; what it sends with may be another than the client's. */
export type AuthorisedFetch = (input: FetchInput, init?: RequestInit, send?: Send) => Promise<Response>;

/** Creates the fetches of one client; they share what is known of replays. */
export function createAuthorisedFetches({ vendor, fixed, origins, clock, emit, fail, fetch }: Settings) {
  const { features } = vendor;
  const replayedAt = new WeakMap<Token, number>();
  const isSettled = ([, token]: [TokenSource, Token]) => clock.monotonic() - Number(replayedAt.get(token)) < SETTLED_MS;

  /**
   * A `fetch` that attaches the credentials of the target's schemes, only for allowed origins.
   * After a 401 it invalidates the token it used, obtains another and sends the request exactly once more.
   * What the caller passed is not changed; a stream, or a body over 1 MiB, cannot be sent again, so its 401 is returned.
   */
  return ({ security, secrets, role }: Target, sources: Sources): AuthorisedFetch => {
    // Of all headers, fetch takes only Authorization off a request that is redirected to another origin.
    const isGuarded =
      secrets?.[0] ||
      security.some(
        (each) => !/^(authorization)?$/i.test(vendor.schemes[each]?.in ?? vendor.schemes[each]?.name ?? ""),
      );
    // A refresh is a raw call: no other token is obtained for it.
    const canReplay = role !== "refresh" && security.some((name) => sources.has(name));

    return async (input, init, send = fetch) => {
      const startedAt = clock.monotonic();
      const request = input instanceof Request ? input : undefined;
      const url = request?.url ?? String(input);
      // Whatever follows an origin and a slash is no longer part of the origin, so most need no parsing.
      const origin = origins.find((each) => url.startsWith(`${each}/`)) ?? URL.parse(url)?.origin ?? "a relative URL";
      if (!origins.includes(origin))
        throw fail(
          `credentials go to ${origins.join(", ")} only, not to ${origin}; list it in origins to allow it`,
          "origin_not_allowed",
        );

      const spare =
        canReplay &&
        !(init?.body instanceof ReadableStream) &&
        (init?.body || !request?.body ? {} : copyBody(request).catch(() => undefined));
      const attempt = async (replay?: RequestInit): Promise<Response> => {
        const headers = new Headers(init?.headers ?? request?.headers);
        const used: [TokenSource, Token][] = [];
        let [to, rest]: [FetchInput, RequestInit] = [input, { ...init, ...replay }];
        for (const name of security) {
          const scheme = vendor.schemes[name] as Scheme;
          const source = sources.get(name);
          const token = await source?.getToken({ signal: init?.signal ?? request?.signal });
          if (source && token) used.push([source, token]);
          if (replay && token) replayedAt.set(token, clock.monotonic());
          const value = (scheme.prefix ?? "") + (token?.accessToken ?? fixed[name]);
          if (!scheme.in) headers.set(scheme.name ?? "Authorization", value);
          else [to, rest] = features.elsewhere?.(scheme, value, headers, to, rest) ?? [to, rest];
        }
        if (replay) emit({ type: "request.replayed", durationMs: clock.monotonic() - startedAt });
        const response = await send(to, { ...rest, headers, ...(isGuarded && { redirect: "manual" }) });
        const { type, status, body } = response;
        if (
          isGuarded &&
          (type === "opaqueredirect" || /^30[12378]/.test(String(status))) &&
          (init?.redirect ?? request?.redirect) !== "manual"
        ) {
          body?.cancel().catch(() => undefined);
          throw fail("a request with a secret follows no redirect", "redirect_refused");
        }
        const again = status === 401 && !replay && !used.every(isSettled) && (await spare);
        if (!again) return response;
        for (const [source, token] of used) source.invalidate(token);
        body?.cancel().catch(() => undefined);
        return attempt(again);
      };
      return attempt();
    };
  };
}

/** What a replay sends as its body, where that is no part of what is sent again anyway; `undefined` if it cannot be sent again. */
async function copyBody(request: Request): Promise<RequestInit | undefined> {
  const chunks = await readBody(request.clone(), REPLAY_LIMIT_BYTES);
  return chunks && { body: new Blob(chunks as BlobPart[]) };
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
  const isRequest = to instanceof Request;
  const url = new URL(isRequest ? to.url : to);
  url.searchParams.set(name, value);
  return isRequest ? [new Request(url, new Request(to, init)), {}] : [url, init];
}
