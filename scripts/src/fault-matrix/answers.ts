import { brotliCompressSync, deflateRawSync, gzipSync } from "node:zlib";
import { bytesOf, type Fault, type FaultContext, JSON_TYPE, jsonReply, jsonText, type Reply } from "./fault.ts";

/** More than the clients of the matrix read. */
const HUGE_BYTES = 256 * 1024;
const DEPTH = 4000;
const HTML = "<!doctype html><title>Maintenance</title><p>We are back soon";

type MakeBody = (context: FaultContext, status: number) => Omit<Reply, "status">;

const text = (body: string | Uint8Array, type = "application/json", ...headers: (readonly [string, string])[]) => ({
  headers: [["content-type", type] as const, ...headers],
  body,
});
const documentedText = (context: FaultContext, status: number) => jsonText(context.documented(status));

/** Bodies every status is tried with. */
const COMMON_BODIES: Record<string, MakeBody> = {
  none: () => ({}),
  documented: (context, status) => text(documentedText(context, status)),
  html: () => text(HTML, "text/html"),
};

/** Bodies a few statuses are tried with: one of each kind that the client tells apart. */
const ODD_BODIES: Record<string, MakeBody> = {
  "empty object": () => text("{}"),
  "cut json": (context, status) => text(documentedText(context, status).slice(0, -3)),
  "garbage bytes": () => text(Uint8Array.from({ length: 300 }, (_, index) => (index * 89 + 7) % 256)),
  "invalid utf-8": () => text(Uint8Array.of(0x7b, 0x22, 0xc3, 0x28, 0x22, 0x3a, 0x31, 0x7d)),
  huge: () => text(jsonText({ filler: "x".repeat(HUGE_BYTES) })),
  "huge and chunked": () => ({
    headers: [JSON_TYPE, ["transfer-encoding", "chunked"]],
    body: `${HUGE_BYTES.toString(16)}\r\n${" ".repeat(HUGE_BYTES)}\r\n0\r\n\r\n`,
  }),
  "deep array": () => text("[".repeat(DEPTH) + "]".repeat(DEPTH)),
  "deep object": () => text(`${'{"a":'.repeat(DEPTH)}1${"}".repeat(DEPTH)}`),
  "a null": () => text("null"),
  "an array": () => text("[]"),
  "a string": () => text('"text"'),
  "a number": () => text("1e400"),
  "its prototype": () => text('{"__proto__":{"accessToken":"x"},"constructor":1,"toString":2}'),
  "json as text": (context, status) => text(documentedText(context, status), "text/plain"),
  "json as html": (context, status) => text(documentedText(context, status), "text/html"),
  "json without a type": (context, status) => ({ body: documentedText(context, status) }),
  "json as utf-16": (context, status) =>
    text(Buffer.from(documentedText(context, status), "utf16le"), "application/json; charset=utf-16le"),
  "a byte order mark": (context, status) => text(`\uFEFF${documentedText(context, status)}`),
  "blanks alone": () => text(" \r\n\t "),
  "called gzip": (context, status) =>
    text(documentedText(context, status), "application/json", ["content-encoding", "gzip"]),
  "cut gzip": (context, status) =>
    text(gzipSync(documentedText(context, status)).subarray(0, -6), "application/json", ["content-encoding", "gzip"]),
  gzip: (context, status) =>
    text(gzipSync(documentedText(context, status)), "application/json", ["content-encoding", "gzip"]),
  "gzip that grows": () => text(gzipSync(" ".repeat(2 ** 22)), "application/json", ["content-encoding", "gzip"]),
  "garbage called brotli": () => text("nothing like it", "application/json", ["content-encoding", "br"]),
  brotli: (context, status) =>
    text(brotliCompressSync(documentedText(context, status)), "application/json", ["content-encoding", "br"]),
  "raw deflate": (context, status) =>
    text(deflateRawSync(documentedText(context, status)), "application/json", ["content-encoding", "deflate"]),
  "an unknown encoding": (context, status) =>
    text(documentedText(context, status), "application/json", ["content-encoding", "snappy"]),
  "two encodings": (context, status) =>
    text(gzipSync(gzipSync(documentedText(context, status))), "application/json", ["content-encoding", "gzip, gzip"]),
};

/** How a vendor may write what it was sent. */
const ECHOES: Record<string, (text: string) => string> = {
  plain: (value) => value,
  "percent-encoded": (value) => encodeURIComponent(value),
  "percent-encoded in lower case": (value) => encodeURIComponent(value).replace(/%../g, (each) => each.toLowerCase()),
  "form-encoded": (value) => new URLSearchParams([["", value]]).toString().slice(1),
  "html-escaped": (value) =>
    value.replace(/[&<>"']/g, (each) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[each] ?? "&#39;"),
  "html-escaped by number": (value) => value.replace(/[^\w-]/g, (each) => `&#${each.charCodeAt(0)};`),
  "html-escaped by hex number": (value) => value.replace(/[^\w-]/g, (each) => `&#x${each.charCodeAt(0).toString(16)};`),
  "json-escaped": (value) => JSON.stringify(value).slice(1, -1).replaceAll("/", "\\/"),
  "json-escaped by number": (value) =>
    value.replace(/[^\w-]/g, (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, "0")}`),
  "json-escaped twice": (value) => JSON.stringify(JSON.stringify(value)).slice(1, -1),
  base64: (value) => Buffer.from(value).toString("base64"),
  base64url: (value) => Buffer.from(value).toString("base64url"),
};
const ECHO_STATUSES = [200, 401, 403, 418, 500];
/** What a page may do to all it shows, the request's JSON among it. */
const PAGES = ["plain", "html-escaped", "json-escaped"];

const DOCUMENTED = [200, 201, 202, 203, 206, 226, 299];
const BODILESS = [204, 205, 304];
const FAILURES = [
  ...[300, 305, 306, 310, 400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 415, 417, 418],
  ...[421, 422, 423, 425, 426, 428, 429, 431, 451, 460, 499, 500, 501, 502, 503, 504, 505, 507, 508, 511],
  ...[520, 521, 522, 525, 530, 599],
];
const ODD_BODY_STATUSES = [200, 401, 403, 404, 500];

/** A 401 is followed by the same token once more where it is new, and by another; a 421, by fetch itself, on another connection. */
const SENDS: Record<number, number> = { 401: 3, 421: 2 };
const sendsOf = (status: number) => (SENDS[status] ? { sends: SENDS[status] } : {});
/** Answers that fetch takes for a broken connection, by its standard or because they cannot be decompressed. */
const promptOf = (status: number, body: string) =>
  status === 407 || /gzip|brotli|deflate|encodings/.test(body) ? {} : { isPrompt: true as const };
/** A token that is refused when new is given 750 ms to be known everywhere; a few cells wait for that. */
const slowOf = (status: number, body: string) =>
  status === 401 && ["documented", "deep array"].includes(body) ? { isSlow: true as const } : {};

/** Statuses × bodies, and echoes of what was sent × how they are written. */
export function answerFaults(): Fault[] {
  const cross = (group: string, statuses: readonly number[], bodies: Record<string, MakeBody>): Fault[] =>
    statuses.flatMap((status) =>
      Object.entries(bodies).map(([name, make]) => ({
        name: `${status} ${name}`,
        group,
        ...promptOf(status, name),
        ...sendsOf(status),
        ...slowOf(status, name),
        answer: (context) => bytesOf({ status, ...make(context, status) }),
      })),
    );
  return [
    ...cross("statuses", [...DOCUMENTED, ...FAILURES], COMMON_BODIES),
    ...cross("empty answers", BODILESS, { none: COMMON_BODIES["none"] as MakeBody }),
    ...cross("empty answers", BODILESS, { "with a body": (context, status) => text(documentedText(context, status)) }),
    ...cross("bodies", ODD_BODY_STATUSES, ODD_BODIES),
    ...Object.entries(ECHOES).flatMap(([name, write]) =>
      ECHO_STATUSES.flatMap((status) => [
        echo(`in json, ${name}`, status, write, inJson),
        echo(name, status, write, asText),
        ...(PAGES.includes(name) ? [echo(`of all, ${name}`, status, write, asText, true)] : []),
      ]),
    ),
  ];
}

type PutEcho = (status: number, echoed: readonly string[]) => Reply;
const inJson: PutEcho = (status, echoed) =>
  jsonReply(status, { message: echoed.join(" "), [echoed[0] ?? ""]: { echoed } });
const asText: PutEcho = (status, echoed) => ({ status, ...text(`<pre>${echoed.join("\n")}`, "text/html") });

function echo(name: string, status: number, write: (text: string) => string, put: PutEcho, isWhole = false): Fault {
  return {
    name: `${status} echo ${name}`,
    group: "echoes",
    isPrompt: true,
    ...sendsOf(status),
    answer({ request, secrets }) {
      const carried = [...request.head.matchAll(/^[\w-]+: (?:Basic |Bearer )?(.*)$/gm)].map(([, value = ""]) => value);
      const echoed = isWhole ? [request.head, request.body] : [...secrets, ...carried];
      return bytesOf(put(status, echoed.map(write)));
    },
  };
}
