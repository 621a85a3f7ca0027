import type { ServerResponse } from "node:http";
import { breakConnection, type ConnectionFault as Fault } from "../faults.ts";
import { serve } from "../http-server.ts";

export type { Fault };

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
  const { url, stop } = await serve(async ({ method, path, headers, body }, response) => {
    const request = { method, path, headers: headers as Record<string, string>, body: body.toString() };
    requests.push(request);
    const reply = await answer(request, requests.length - 1);
    if (typeof reply === "string") breakConnection(reply, response);
    else await send(reply, response);
  });
  return { url, requests, stop, [Symbol.asyncDispose]: stop };
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
