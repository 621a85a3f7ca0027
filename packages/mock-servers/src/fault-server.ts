import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A request as it arrived. */
export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An answer as it should be; every part may be left out. */
export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it is. */
  readonly text?: string;
  readonly delayMs?: number;
}

/**
 * What goes wrong beneath an answer: `hang` never answers, `reset` drops the connection before it, `resetInBody` in the
 * middle of it, `truncate` ends it short of its length, `oversize` sends 8 MiB.
 */
export type Fault = "hang" | "reset" | "resetInBody" | "truncate" | "oversize";

export interface FaultServer extends AsyncDisposable {
  readonly url: `http://127.0.0.1:${number}`;
  /** Everything that arrived, oldest first. */
  readonly requests: readonly ReceivedRequest[];
  stop(): Promise<void>;
}

/** A server on loopback that answers as a function says, down to the connection. It knows no document: Prism is not involved. */
export async function startFaultServer(
  answer: (request: ReceivedRequest, index: number) => Reply | Fault | Promise<Reply | Fault>,
): Promise<FaultServer> {
  const requests: ReceivedRequest[] = [];
  const server = createServer(async (incoming, response) => {
    const request = await receive(incoming);
    requests.push(request);
    const reply = await answer(request, requests.length - 1);
    if (typeof reply === "string") fail(reply, response);
    else await send(reply, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${port}`, requests, stop, [Symbol.asyncDispose]: stop };
}

async function receive(incoming: IncomingMessage): Promise<ReceivedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return {
    method: incoming.method ?? "",
    path: incoming.url ?? "",
    headers: incoming.headers as Record<string, string>,
    body: Buffer.concat(chunks).toString(),
  };
}

async function send(
  { status = 200, headers, json, text, delayMs = 0 }: Reply,
  response: ServerResponse,
): Promise<void> {
  if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
  const body = text ?? (json === undefined ? "" : JSON.stringify(json));
  response.writeHead(status, { ...(json !== undefined && { "content-type": "application/json" }), ...headers });
  response.end(body);
}

function fail(fault: Fault, response: ServerResponse): void {
  const half = '{"accessToken":"half-a-tok';
  switch (fault) {
    case "hang":
      return;
    case "reset":
      response.socket?.resetAndDestroy();
      return;
    case "resetInBody":
      response.writeHead(200, { "content-type": "application/json" });
      response.write(half, () => response.socket?.resetAndDestroy());
      return;
    case "truncate":
      response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
      response.write(half, () => response.socket?.end());
      return;
    case "oversize":
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify({ accessToken: "x".repeat(8 * 2 ** 20) }));
  }
}
