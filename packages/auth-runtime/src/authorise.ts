import { VendorError } from "./errors.ts";
import type { Settings } from "./options.ts";
import type { Token, TokenSource } from "./token-source.ts";
import type { Scheme, Vendor } from "./vendor.ts";

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
      const values = (scheme.credentials ?? []).map((credential) => String(credentials[credential]));
      const value = prefix + (values.length === 2 ? base64(values.join(":")) : values.join(""));
      return [name, () => ({ scheme, value })];
    }),
  );
}

/**
 * A `fetch` that attaches the credentials of the given schemes, only for allowed origins.
 * After a 401 it invalidates the token it used, obtains another and sends the request exactly once more.
 * What the caller passed is not changed; a body that is a stream cannot be sent again, so its 401 is returned.
 */
export function createAuthorisedFetch(
  vendor: Vendor,
  settings: Settings,
  authorisers: ReadonlyMap<string, Authoriser>,
  security: readonly string[],
  send: typeof fetch = settings.fetch,
): typeof fetch {
  const used = security.map((name) => authorisers.get(name) as Authoriser);
  return async (input, init) => {
    const url = urlOf(vendor, input);
    if (!settings.origins.has(url.origin)) {
      const allowed = [...settings.origins].join(", ");
      throw new VendorError(
        vendor.package,
        "origin_not_allowed",
        `credentials go to ${allowed} only, not to ${url.origin}; list it in origins if it is the vendor's`,
      );
    }
    if (used.length === 0) return send(input, init);
    const signal = init?.signal ?? (input instanceof Request ? input.signal : undefined);
    const attach = () => Promise.all(used.map((authoriser) => authoriser(signal)));
    const attachments = await attach();
    const spare = input instanceof Request && input.body ? input.clone() : input;
    const response = await sendWith(send, attachments, input, init);
    const renewable = attachments.flatMap(({ issued }) => issued ?? []);
    if (response.status !== 401 || renewable.length === 0 || init?.body instanceof ReadableStream) return response;
    for (const { source, token } of renewable) source.invalidate(token);
    const renewed = await attach();
    await response.body?.cancel();
    return sendWith(send, renewed, spare, init);
  };
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

function urlOf(vendor: Vendor, input: RequestInfo | URL): URL {
  const text = input instanceof Request ? input.url : String(input);
  if (URL.canParse(text)) return new URL(text);
  throw new VendorError(vendor.package, "invalid_options", "fetch needs an absolute URL");
}

/** Of the UTF-8 bytes (RFC 7617 section 2.1); `btoa` alone takes Latin-1 only. */
function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
