import { type FetchInput, within } from "./http.ts";
import { headersOf } from "./serialize.ts";

/** A body longer than this is not kept for another sending of a `Request`. */
const COPY_LIMIT_BYTES = 2 ** 20;
/** How long a refusal waits for the copy of a body to be whole, which it is unless the body is still being written. */
const COPY_GRACE_MS = 50;

/** A request as it was when `fetch` was called: later changes by the caller do not reach it. */
export interface RequestInput {
  /** The first argument for `fetch`; a `Request` keeps its own class, and with it what its runtime hides in it. */
  readonly target: FetchInput;
  readonly init: RequestInit;
  readonly url: string;
  readonly method: string;
  readonly headers: Headers | undefined;
  readonly signal: AbortSignal | undefined;
  /** The caller's own `Request`. In Node a `Request` hands its signal on only as long as it is not collected. */
  readonly source?: Request;
  readonly redirect: RequestRedirect | undefined;
  /** The members of `init` for sending it again; `undefined` for a body that can be read only once, or is too long to keep. */
  repeat(): Promise<RequestInit | undefined>;
  /** Gives up what was kept for another sending. */
  release(): void;
}

/**
 * Reads what `fetch` was called with, at once and completely.
 *
 * @param keepsBody whether a `Request`'s body is kept for another sending.
 * @throws the `TypeError` that `fetch` throws for headers, or a `Request`, that it would refuse.
 */
export function readInput(input: FetchInput, init: RequestInit | undefined, keepsBody: boolean): RequestInput {
  // `fetch(url, request)` takes everything but the URL from the request.
  if (isRequest(init)) return readInput(sameKindOf(init, String(input), init), undefined, keepsBody);
  const { body, headers, ...rest } = membersOf(init);
  const own = headers && headersOf(headers);
  const { signal } = rest;
  if (!isRequest(input)) {
    const sent = body == null ? body : readBodyOnce(body);
    const target = typeof input === "string" ? input : String(input);
    return {
      target,
      init: body == null ? rest : { ...rest, body: sent as BodyInit },
      url: target,
      method: rest.method?.toUpperCase() ?? "GET",
      headers: own,
      signal: signal ?? undefined,
      redirect: rest.redirect,
      repeat: async () => (isReadOnce(sent) ? undefined : {}),
      release: () => undefined,
    };
  }
  const isWhole = input.body === null && body == null;
  const given = { ...rest, ...(body != null && { body }), ...(own && { headers: own }) };
  const target = isWhole ? input : sameKindOf(input, input, given);
  const copy = keepsBody && !isReadOnce(body) ? keepBody(target) : NOT_KEPT;
  return {
    source: input,
    target,
    init: rest,
    url: target.url,
    method: rest.method?.toUpperCase() ?? target.method,
    // Those of a copy tell the type of its body, too.
    headers: new Headers((isWhole && own) || target.headers),
    signal: (signal === undefined ? input.signal : signal) ?? undefined,
    redirect: rest.redirect ?? input.redirect,
    ...copy,
  };
}

/** The members of a request that `fetch` reads; each runtime has more of its own. */
const MEMBERS = [
  ...["method", "headers", "body", "mode", "credentials", "cache", "redirect", "referrer", "referrerPolicy"],
  ...["integrity", "keepalive", "signal", "duplex", "priority"],
] as (keyof RequestInit)[];

/** A copy of what `fetch` reads of its second argument: inherited members, too, as of an instance of a class. */
export function membersOf(init: RequestInit | undefined): RequestInit {
  const members: RequestInit = { ...init };
  const prototype = init && Object.getPrototypeOf(init);
  if (!prototype || prototype === Object.prototype) return members;
  for (const name of MEMBERS)
    if (!Object.hasOwn(members, name) && init[name] !== undefined) Object.assign(members, { [name]: init[name] });
  return members;
}

/** Any class of requests: the runtime's, undici's or node-fetch's. */
export function isRequest(value: unknown): value is Request {
  if (typeof value !== "object" || value === null) return false;
  const { url, headers, clone } = value as Partial<Request>;
  return typeof url === "string" && typeof headers === "object" && typeof clone === "function";
}

/** Makes a request of the kind of another: the runtime's, undici's or node-fetch's; it takes over the body of what it is made from, as `fetch` does. */
export function sameKindOf(request: Request, ...from: ConstructorParameters<typeof Request>): Request {
  // A class derived from the runtime's own may have another constructor.
  const own = request.constructor as typeof Request;
  const Kind = request instanceof Request ? Request : own;
  return new Kind(...from);
}

/** A body that nobody can change any more. Streams stay what they are: they can be read only once. */
function readBodyOnce(body: NonNullable<RequestInit["body"]>): unknown {
  if (typeof body === "string" || body instanceof Blob || isReadOnce(body)) return body;
  if (ArrayBuffer.isView(body)) return new Uint8Array(body.buffer, body.byteOffset, body.byteLength).slice();
  if (body instanceof ArrayBuffer) return body.slice(0);
  if (body instanceof URLSearchParams) return new URLSearchParams(body);
  if (body instanceof FormData && Symbol.iterator in body) {
    const copy = new FormData();
    for (const [name, value] of body) copy.append(name, value);
    return copy;
  }
  const text = String(body);
  // A runtime's own kind of body, such as React Native's, has no text of its own.
  return text.startsWith("[object ") ? body : text;
}

/** Web streams, Node's streams and other async iterables. */
function isReadOnce(body: unknown): boolean {
  const stream = Object(body) as { getReader?: unknown; pipe?: unknown; [Symbol.asyncIterator]?: unknown };
  return [stream.getReader, stream.pipe, stream[Symbol.asyncIterator]].some((member) => typeof member === "function");
}

type KeptBody = Pick<RequestInput, "repeat" | "release">;
const NOT_KEPT: KeptBody = { repeat: async () => undefined, release: () => undefined };

/** Keeps a copy of a `Request`'s body while the original is sent, up to `COPY_LIMIT_BYTES`. */
function keepBody(request: Request): KeptBody {
  if (request.body === null) return { ...NOT_KEPT, repeat: async () => ({}) };
  const reader = request.clone().body?.getReader?.();
  if (!reader) return NOT_KEPT;
  const release = () => void reader.cancel().catch(() => undefined);
  const copy = collect(reader).catch(() => undefined);
  return { repeat: () => within(() => copy, undefined, COPY_GRACE_MS).catch(() => undefined), release };
}

async function collect(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<RequestInit | undefined> {
  const chunks: BlobPart[] = [];
  for (let size = 0; size <= COPY_LIMIT_BYTES; ) {
    const { value } = await reader.read();
    if (!value) return { body: new Blob(chunks) };
    size += value.byteLength;
    chunks.push(value as BlobPart);
  }
  await reader.cancel();
  return undefined;
}
