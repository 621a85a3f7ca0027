import { VendorError } from "./errors.ts";
import { readBytes } from "./http.ts";
import type { Settings } from "./options.ts";
import type { Token, TokenSource } from "./token-source.ts";
import type { OperationDescription, Scheme, Vendor } from "./vendor.ts";

/** A credential ready to be attached to a request. */
export interface Attachment {
  readonly scheme: Scheme;
  readonly value: string;
  /** Where the value came from, if it can be renewed. */
  readonly issued?: { readonly source: TokenSource; readonly token: Token };
}

export type Authoriser = (signal: AbortSignal | undefined) => Attachment | Promise<Attachment>;

/** What each scheme sends: credentials as they are, or a token of its source. */
export function createAuthorisers(
  { schemes }: Vendor,
  { credentials }: Settings,
  sources: ReadonlyMap<string, TokenSource>,
): Map<string, Authoriser> {
  return new Map(
    Object.entries(schemes).map(([name, scheme]): [string, Authoriser] => {
      const { prefix = "" } = scheme;
      const source = sources.get(name);
      if (source) {
        return [
          name,
          async (signal) => {
            const token = await source.getToken({ signal });
            return { scheme, value: prefix + token.accessToken, issued: { source, token } };
          },
        ];
      }
      const value = prefix + fixedValue(scheme, credentials);
      return [name, () => ({ scheme, value })];
    }),
  );
}

/** What a scheme without an exchange sends: one credential as it is, or two as Basic. */
export function fixedValue({ credentials: names = [] }: Scheme, credentials: Settings["credentials"]): string {
  const values = names.map((name) => String(credentials[name]));
  return values.length === 2 ? base64(values.join(":")) : values.join("");
}

/** What an authorised fetch is made for: an operation of the spec, or any path with the vendor's own credentials. */
export type Target = Pick<OperationDescription, "security" | "secrets"> & { readonly replays: boolean };

/** A body longer than this is not kept for a replay. */
const REPLAY_LIMIT_BYTES = 2 ** 20;
/** A 401 to a token that a replay obtained less than this ago is the resource's answer, and no other token would change it. */
const SETTLED_MS = 30_000;

/** Creates the fetches of one client; they share what is known of replays. */
export function createAuthorisedFetches(
  vendor: Vendor,
  settings: Settings,
  authorisers: ReadonlyMap<string, Authoriser>,
) {
  const { clock, emit } = settings;
  const replayedAt = new WeakMap<Token, number>();
  const isSettled = (token: Token) =>
    clock.monotonic() - (replayedAt.get(token) ?? Number.NEGATIVE_INFINITY) < SETTLED_MS;

  /**
   * A `fetch` that attaches the credentials of the target's schemes, only for allowed origins.
   * After a 401 it invalidates the token it used, obtains another and sends the request exactly once more.
   * What the caller passed is not changed; a stream, or a body over 1 MiB, cannot be sent again, so its 401 is returned.
   */
  return ({ security, secrets = [], replays }: Target, send: typeof fetch = settings.fetch): typeof fetch => {
    const used = security.map((name) => authorisers.get(name) as Authoriser);
    const schemes = security.map((name) => vendor.schemes[name] as Scheme);
    const guarded = guardRedirects(vendor, schemes, secrets.length > 0, send);
    return async (input, init) => {
      const startedAt = clock.monotonic();
      checkOrigin(vendor, settings, input);
      const signal = init?.signal ?? (input instanceof Request ? input.signal : undefined);
      const attach = () => Promise.all(used.map((authoriser) => authoriser(signal)));
      const attachments = await attach();
      const renewable = attachments.flatMap(({ issued }) => issued ?? []);
      const spare = replays && renewable.length > 0 ? keepBody(input, init) : undefined;
      const response = await sendWith(guarded, attachments, input, init);
      if (response.status !== 401 || !spare || renewable.every(({ token }) => isSettled(token))) return response;
      const body = await spare;
      if (body === undefined) return response;
      for (const { source, token } of renewable) source.invalidate(token);
      const renewed = await attach();
      for (const { issued } of renewed) if (issued) replayedAt.set(issued.token, clock.monotonic());
      await response.body?.cancel();
      emit({ type: "request.replayed", durationMs: clock.monotonic() - startedAt });
      return sendWith(guarded, renewed, input, { ...init, ...body });
    };
  };
}

/** What a replay sends as its body: as the first time, or the bytes of a `Request`; `undefined` if it cannot be sent again. */
async function keepBody(input: RequestInfo | URL, init: RequestInit | undefined): Promise<RequestInit | undefined> {
  if (init?.body instanceof ReadableStream) return undefined;
  if (init?.body || !(input instanceof Request) || !input.body) return {};
  const bytes = await readBytes(input.clone(), REPLAY_LIMIT_BYTES).catch(() => undefined);
  return bytes && { body: new Blob(bytes as Uint8Array<ArrayBuffer>[]) };
}

function checkOrigin(vendor: Vendor, { origins }: Settings, input: RequestInfo | URL): void {
  const { origin } = urlOf(vendor, input);
  if (origins.has(origin)) return;
  throw new VendorError(
    vendor.package,
    "origin_not_allowed",
    `credentials go to ${[...origins].join(", ")} only, not to ${origin}; list it in origins if it is the vendor's`,
  );
}

/** A `fetch` with one credential attached, as it is. */
export function attachTo(vendor: Vendor, scheme: Scheme, value: string, send: typeof fetch): typeof fetch {
  const guarded = guardRedirects(vendor, [scheme], false, send);
  return (input, init) => sendWith(guarded, [{ scheme, value }], input, init);
}

function sendWith(
  send: typeof fetch,
  attachments: readonly Attachment[],
  input: RequestInfo | URL,
  init: RequestInit | undefined,
): Promise<Response> {
  const headers = new Headers(init?.headers ?? (input instanceof Request ? input.headers : undefined));
  const url = new URL(input instanceof Request ? input.url : input);
  for (const { scheme, value } of attachments) {
    if (scheme.in === "query") url.searchParams.set(scheme.name, value);
    else if (scheme.in === "cookie") headers.append("Cookie", `${scheme.name}=${value}`);
    else headers.set(scheme.name, value);
  }
  const isMoved = attachments.some(({ scheme }) => scheme.in === "query");
  const target = !isMoved ? input : input instanceof Request ? new Request(url, input) : url;
  return send(target, { ...init, headers });
}

/** Refuses redirects of requests whose secret, in their input or attached to them, would be carried to wherever they point. */
function guardRedirects(
  vendor: Vendor,
  schemes: readonly Scheme[],
  hasSecret: boolean,
  send: typeof fetch,
): typeof fetch {
  // Of all headers, fetch takes only Authorization off a request that is redirected to another origin.
  if (!hasSecret && schemes.every((scheme) => scheme.in === "header" && /^authorization$/i.test(scheme.name)))
    return send;
  return async (input, init) => {
    const response = await send(input, { ...init, redirect: "manual" });
    const isRedirect =
      response.type === "opaqueredirect" || (response.status > 300 && response.status < 400 && response.status !== 304);
    if (!isRedirect || init?.redirect === "manual") return response;
    await response.body?.cancel();
    throw new VendorError(
      vendor.package,
      "redirect_refused",
      "the answer is a redirect, which a request with a secret never follows",
    );
  };
}

function urlOf(vendor: Vendor, input: RequestInfo | URL): URL {
  const text = input instanceof Request ? input.url : String(input);
  if (URL.canParse(text)) return new URL(text);
  throw new VendorError(vendor.package, "invalid_options", "fetch needs an absolute URL");
}

/** Of the UTF-8 bytes (RFC 7617 section 2.1); `btoa` alone takes Latin-1 only. */
function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
