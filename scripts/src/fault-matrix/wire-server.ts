import type { AddressInfo } from "node:net";
import { createServer, type Socket } from "node:net";
import { setTimeout as wait } from "node:timers/promises";

/** A request as it arrived. */
export interface WireRequest {
  readonly method: string;
  readonly path: string;
  /** The head as it came, the request line included. */
  readonly head: string;
  readonly body: string;
}

/** One thing a connection does: it sends bytes, waits, closes, is reset, or stays silent for good. */
export type Step = string | Uint8Array | { readonly waitMs: number } | "end" | "reset" | "hang";

/** The steps that are no text to send. */
const ACTS = ["end", "reset", "hang"];

const LISTEN_TRIES = 50;
const LISTEN_PAUSE_MS = 20;

export interface WireServer extends AsyncDisposable {
  readonly origin: string;
  /** Everything that arrived complete, oldest first. */
  readonly requests: readonly WireRequest[];
  /** Refuses connections from now on, and drops those there are. */
  refuse(): Promise<void>;
  /** Listens again, on the same port. */
  accept(): Promise<void>;
}

/**
 * A server on loopback that answers with the very bytes it is given, so that an answer can break every rule of HTTP. It keeps no timer
 * and no connection once it is disposed of.
 */
export async function startWireServer(answer: (request: WireRequest) => readonly Step[]): Promise<WireServer> {
  const requests: WireRequest[] = [];
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    const closed = new AbortController();
    socket.on("close", () => {
      sockets.delete(socket);
      closed.abort();
    });
    // A client that goes away is what many faults are about.
    socket.on("error", () => undefined);
    let pending: Buffer<ArrayBufferLike> = Buffer.alloc(0);
    let playing = Promise.resolve();
    socket.on("data", (chunk) => {
      pending = Buffer.concat([pending, chunk]);
      for (let taken = takeRequest(pending); taken; taken = takeRequest(pending)) {
        const { request, rest } = taken;
        pending = rest;
        requests.push(request);
        const steps = answer(request);
        playing = playing.then(() => play(socket, steps, closed.signal)).catch(() => undefined);
      }
    });
  });
  const listen = (port: number) =>
    new Promise<void>((resolve, reject) => {
      server.once("error", reject).listen(port, "127.0.0.1", () => {
        server.off("error", reject);
        resolve();
      });
    });
  const refuse = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  await listen(0);
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    requests,
    refuse,
    accept: () => retried(() => listen(port)),
    [Symbol.asyncDispose]: refuse,
  };
}

/** While nothing listens on a port, a connection of another cell may have it for a moment. */
async function retried(listen: () => Promise<void>): Promise<void> {
  for (let left = LISTEN_TRIES; ; left--) {
    try {
      return await listen();
    } catch (error) {
      if (left === 0) throw error;
      await wait(LISTEN_PAUSE_MS);
    }
  }
}

/** The first complete request in what has arrived, and what follows it. */
function takeRequest(bytes: Buffer): { request: WireRequest; rest: Buffer } | undefined {
  const headEnd = bytes.indexOf("\r\n\r\n");
  if (headEnd < 0) return undefined;
  const head = bytes.subarray(0, headEnd).toString("latin1");
  const body = bytes.subarray(headEnd + 4);
  const length = /^transfer-encoding: *chunked/im.test(head)
    ? body.indexOf("0\r\n\r\n") + 5
    : Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
  const isComplete = /^transfer-encoding/im.test(head) ? length > 4 : body.length >= length;
  if (!isComplete) return undefined;
  const [method = "", path = ""] = head.split(" ");
  return { request: { method, path, head, body: body.subarray(0, length).toString() }, rest: body.subarray(length) };
}

async function play(socket: Socket, steps: readonly Step[], signal: AbortSignal): Promise<void> {
  for (const step of steps) {
    if (signal.aborted) return;
    if (typeof step === "object" && "waitMs" in step) await wait(step.waitMs, undefined, { signal });
    else if (typeof step === "string" && ACTS.includes(step)) await act(socket, step, signal);
    else socket.write(step as string | Uint8Array);
  }
}

async function act(socket: Socket, step: string, signal: AbortSignal): Promise<void> {
  if (step === "end") socket.end();
  if (step === "reset") {
    // What was written before goes out first, or a reset in the middle of an answer would be one before it.
    await wait(5, undefined, { signal });
    socket.resetAndDestroy();
  }
  if (step === "hang") await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
}
