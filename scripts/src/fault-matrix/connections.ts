import { bytesOf, type Fault, type FaultContext, headOf, JSON_TYPE, jsonReply, type Reply } from "./fault.ts";
import type { Step } from "./wire-server.ts";

const CHUNKED = ["transfer-encoding", "chunked"] as const;
const OK = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";

/** A good answer in its two halves: its head with the length of all, and its body. */
function halves(context: FaultContext): { head: string; body: string } {
  const { status, headers = [], body = "" } = context.success();
  const all = [...headers, ["content-length", String(Buffer.byteLength(body as string))] as const];
  return { head: headOf(status, all), body: body as string };
}

const good = (context: FaultContext): Step[] => bytesOf(context.success());
const framed = (context: FaultContext, headers: Reply["headers"]) => {
  const { status, body = "" } = context.success();
  return [headOf(status, [JSON_TYPE, ...(headers ?? [])]), body] as const;
};
/** What a request carried, for answers that no parser takes: errors of parsers quote them. */
const carried = ({ request, secrets }: FaultContext) =>
  [/^authorization: .*$/im.exec(request.head)?.[0] ?? "", ...secrets].join(" ");

/** Byte by byte, too slowly for any deadline of the matrix. */
const drip = (text: string): Step[] => [...text].flatMap((each) => [each, { waitMs: 20 }]);

const CONNECTIONS: Record<string, (context: FaultContext) => readonly Step[]> = {
  "reset before the answer": () => ["reset"],
  "closed before the answer": () => ["end"],
  "reset in the head": () => [OK, "reset"],
  "closed in the head": () => [OK, "end"],
  "closed in the status line": () => ["HTTP/1.", "end"],
  "reset in the body": (context) => [halves(context).head, halves(context).body.slice(0, 5), "reset"],
  "closed in the body": (context) => [halves(context).head, halves(context).body.slice(0, 5), "end"],
  "hangs before the answer": () => ["hang"],
  "hangs in the head": () => [OK, "hang"],
  "hangs before the body": (context) => [halves(context).head, "hang"],
  "hangs in the body": (context) => [halves(context).head, halves(context).body.slice(0, 5), "hang"],
  "hangs after chunks": (context) => [...framed(context, [CHUNKED]).slice(0, 1), "1\r\n{\r\n", "hang"],
  "drips its head": () => drip(`${OK}x: ${"y".repeat(200)}`),
  "drips its body": (context) => [halves(context).head, ...drip(halves(context).body.padEnd(200))],
  "is 20 ms late": (context) => [{ waitMs: 20 }, ...good(context)],
  "is later than an attempt": (context) => [{ waitMs: 150 }, ...good(context)],
  "is later than the call": (context) => [{ waitMs: 600 }, ...good(context)],
};

const FRAMES: Record<string, (context: FaultContext) => readonly Step[]> = {
  "length too long, then closed": (context) => [...framed(context, [["content-length", "9000"]]), "end"],
  "length too long": (context) => framed(context, [["content-length", "9000"]]),
  "length too short": (context) => framed(context, [["content-length", "3"]]),
  "length negative": (context) => framed(context, [["content-length", "-1"]]),
  "length a word": (context) => framed(context, [["content-length", "many"]]),
  "length beyond numbers": (context) => framed(context, [["content-length", "9".repeat(30)]]),
  "two lengths": (context) =>
    framed(context, [
      ["content-length", "3"],
      ["content-length", "4"],
    ]),
  "length and chunks": (context) => framed(context, [["content-length", "3"], CHUNKED]),
  "length none, then closed": (context) => [...framed(context, [["connection", "close"]]), "end"],
  "chunks cut": (context) => [...framed(context, [CHUNKED]).slice(0, 1), "40\r\n{", "end"],
  "chunks of a bad size": (context) => [...framed(context, [CHUNKED]).slice(0, 1), "zz\r\n{}\r\n0\r\n\r\n"],
  "chunks without an end": (context) => [...framed(context, [CHUNKED]).slice(0, 1), "2\r\n{}\r\n", "end"],
  "chunks with trailers": (context) => [
    ...framed(context, [CHUNKED]).slice(0, 1),
    "2\r\n{}\r\n0\r\nauthorization: x\r\n\r\n",
  ],
  "encoding unknown": (context) => framed(context, [["transfer-encoding", "snail"]]),
  "two answers": (context) => [...good(context), ...bytesOf({ status: 500, body: "second" })],
  "an answer and garbage": (context) => [...good(context), "\x00\x01garbage"],
  "an answer, then closed": (context) => [...good(context), "end"],
  "an answer, then reset": (context) => [...good(context), "reset"],
};

const LINES: Record<string, (context: FaultContext) => readonly Step[]> = {
  "no HTTP": (context) => [`garbage ${carried(context)}\r\n\r\n`],
  "HTTP/0.9": () => ["{}", "end"],
  "HTTP/1.0": (context) => [
    "HTTP/1.0 200 OK\r\ncontent-type: application/json\r\n\r\n",
    context.success().body ?? "",
    "end",
  ],
  "HTTP/2": () => ["PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"],
  TLS: () => [Uint8Array.of(0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x28), "end"],
  "status zero": () => [headOf("000", [["content-length", "0"]])],
  "status 99": () => [headOf("99", [["content-length", "0"]])],
  "status 600": () => [headOf("600", [["content-length", "0"]])],
  "status 999": () => [headOf("999", [["content-length", "0"]])],
  "status 1000": () => [headOf("1000", [["content-length", "0"]])],
  "status a word": () => [headOf("OK", [["content-length", "0"]])],
  "status alone": () => ["HTTP/1.1 200\r\ncontent-length: 2\r\n\r\n{}"],
  "100 first": (context) => ["HTTP/1.1 100 Continue\r\n\r\n", ...good(context)],
  "102 first": (context) => ["HTTP/1.1 102 Processing\r\n\r\n", ...good(context)],
  "103 first": (context) => ["HTTP/1.1 103 Early Hints\r\nlink: </x>; rel=preload\r\n\r\n", ...good(context)],
  "103 ten times": (context) => [...Array(10).fill("HTTP/1.1 103 Early Hints\r\n\r\n"), ...good(context)],
  "103 and nothing more": () => ["HTTP/1.1 103 Early Hints\r\n\r\n", "hang"],
  "101 unasked": () => ["HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n"],
};

const HEADERS: Record<string, (context: FaultContext) => readonly Step[]> = {
  "without a colon": (context) => [`${OK}bad line ${carried(context)}\r\ncontent-length: 2\r\n\r\n{}`],
  "without a name": () => [`${OK}: value\r\ncontent-length: 2\r\n\r\n{}`],
  "with a nul": (context) => [`${OK}x: a\0b ${carried(context)}\r\ncontent-length: 2\r\n\r\n{}`],
  folded: () => [`${OK}x: a\r\n  b\r\ncontent-length: 2\r\n\r\n{}`],
  "with bytes beyond ASCII": (context) => [
    Buffer.from(`${OK}x: caf\xe9\r\ncontent-length: ${halves(context).body.length}\r\n\r\n`, "latin1"),
    halves(context).body,
  ],
  "of 100 kB": () => [`${OK}x: ${"y".repeat(100_000)}\r\ncontent-length: 2\r\n\r\n{}`],
  "a thousand of them": () => [`${OK}${"x: y\r\n".repeat(1000)}content-length: 2\r\n\r\n{}`],
  "with line feeds alone": () => [`${OK}content-length: 2\r\n\r\n{}`.replaceAll("\r", "")],
  "with a type that is none": () => [`HTTP/1.1 200 OK\r\ncontent-type: ;;=\r\ncontent-length: 2\r\n\r\n{}`],
  "that echo what was sent": (context) => [
    headOf(500, [
      ["www-authenticate", carried(context)],
      ["x-echo", carried(context)],
      ["content-length", "0"],
    ]),
  ],
  "that keep alive for no time": (context) => {
    const { head, body } = halves(context);
    return [head.replace("\r\n\r\n", "\r\nkeep-alive: timeout=0\r\n\r\n"), body];
  },
};

/** What can go wrong beneath and around an answer. */
export function connectionFaults(): Fault[] {
  const gone: Fault = { name: "refused", group: "connections", refuses: true, answer: () => ["reset"] };
  const of = (group: string, prefix: string, list: typeof FRAMES): Fault[] =>
    Object.entries(list).map(([name, answer]) => ({ name: `${prefix}${name}`, group, answer }));
  const later = (status: number): Fault[] =>
    Object.entries({ ...CONNECTIONS, ...FRAMES }).map(([name, answer]) => ({
      name: `${name}, after a ${status}`,
      group: "second answers",
      sends: status === 401 ? 3 : 1,
      answer: (context) => (context.before > 0 ? answer(context) : bytesOf(jsonReply(status, {}))),
    }));
  return [
    gone,
    ...later(401),
    ...later(503),
    ...of("connections", "", CONNECTIONS),
    ...of("framing", "", FRAMES),
    ...of("status lines", "", LINES),
    ...of("headers", "headers ", HEADERS),
  ];
}
