import type { Fail } from "./errors.ts";

/** Statuses whose answers have no body (RFC 9110 section 15). */
const WITHOUT_BODY = /^(204|205|304)$/;
const TO_UTF_8 = new TextEncoder();
const FROM_UTF_8 = new TextDecoder();

type Chunk = Uint8Array | string;
/** A body as one or another library's answers have it: a web stream, a stream of Node's or any async iterable. */
interface AnyBody extends Partial<AsyncIterable<Chunk>> {
  readonly locked?: boolean;
  getReader?(): ReadableStreamDefaultReader<Chunk>;
  cancel?(): Promise<unknown>;
  destroy?(): unknown;
  return?(): Promise<unknown>;
  on?(event: "error", listener: () => void): unknown;
}

/** Reads an answer's text up to a limit; `undefined` if there is more. Throws as {@link readBody} does. */
export async function readText(...answer: Parameters<typeof readBody>): Promise<string | undefined> {
  const chunks = await readBody(...answer);
  return chunks?.[1] ? new Blob(chunks as BlobPart[]).text() : chunks && FROM_UTF_8.decode(chunks[0]);
}

/**
 * Reads the body of anybody's answer up to a limit, in the pieces it comes in; `undefined` if there is more. Where there is no
 * stream, as in React Native and in tests, `text()` or else `json()` is asked.
 *
 * @throws `invalid_options` for an answer whose body was read before, or that has none of these
 */
async function readBody(answer: Response, maxBytes: number, fail: Fail): Promise<Uint8Array[] | undefined> {
  const body = answer.body as AnyBody | null | undefined;
  if (body === null || WITHOUT_BODY.test(String(answer.status))) return [];
  if (answer.bodyUsed || body?.locked) throw fail(`${NO_RESPONSE}, but its body was read before; read a clone() of it`);
  // Not by `for await`, which costs more than the rest of the reading.
  const reader = body?.getReader?.();
  const iterator = reader ? undefined : body?.[Symbol.asyncIterator]?.();
  const next = reader ? () => reader.read() : (iterator?.next.bind(iterator) ?? onlyText(answer, fail));
  const chunks: Uint8Array[] = [];
  try {
    for (let size = 0; ; ) {
      const { done, value } = await next();
      if (done) return chunks;
      const chunk = typeof value === "string" ? TO_UTF_8.encode(value) : (value as Uint8Array);
      size += chunk.byteLength;
      if (size > maxBytes) return void [reader ?? body, iterator].map(cancel);
      chunks.push(chunk);
    }
  } finally {
    // A caller that does not want the body can still cancel it.
    reader?.releaseLock();
  }
}

/** How a message begins that says what an answer lacks. */
export const NO_RESPONSE = "the fetch option has to resolve to a Response";

/** The text of an answer without a stream, in one piece. */
function onlyText(answer: Response, fail: Fail): () => Promise<IteratorResult<Chunk, undefined>> {
  let isRead = false;
  return async () => {
    if (isRead) return { done: true, value: undefined };
    isRead = true;
    if (typeof answer.text === "function") return { done: false, value: String(await answer.text()) };
    if (typeof answer.json === "function") return { done: false, value: await jsonTextOf(answer) };
    throw fail(`${NO_RESPONSE}, but its answer has no body, text() or json()`);
  };
}

/** The text of what was parsed; for what is no JSON, a text that is none either. */
async function jsonTextOf(answer: Response): Promise<string> {
  try {
    return JSON.stringify(await answer.json()) ?? "";
  } catch (error) {
    if ((Object(error) as Error).name === "SyntaxError") return "no JSON";
    throw error;
  }
}

/**
 * Ends a body, or a reader or iterator of one, that nobody will read. The end is not waited for, because a copy of the body may never be read
 * either.
 */
export function cancel(body: unknown): void {
  const { cancel, destroy, return: end, on } = Object(body) as AnyBody;
  // A stream of node-fetch's is told of a later abort, too, and an error nobody listens to would end the process.
  on?.call(body, "error", () => undefined);
  const ended = (cancel ?? destroy ?? end)?.call(body);
  (ended as Promise<unknown> | undefined)?.catch?.(() => undefined);
}
