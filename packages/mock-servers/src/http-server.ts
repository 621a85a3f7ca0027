import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { MockError } from "./errors.ts";

/** A request as it arrived. */
export interface ReceivedRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** More came than there is room for, and was dropped. */
  readonly isTooLarge: boolean;
}

export interface HttpServer {
  readonly url: `http://127.0.0.1:${number}`;
  stop(): Promise<void>;
}

/** Serves on loopback, on a free port unless one is given. Throws {@link MockError} for a port that cannot be listened on. */
export async function serve(
  handle: (request: ReceivedRequest, response: ServerResponse) => Promise<void>,
  port = 0,
): Promise<HttpServer> {
  const server = createServer(async (incoming, response) => {
    try {
      await handle(await receive(incoming), response);
    } catch (error) {
      if (response.headersSent || response.destroyed) response.destroy();
      else response.writeHead(500, { connection: "close" }).end(String(error));
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      const reason = cause.code === "EADDRINUSE" ? "is in use" : `cannot be listened on (${cause.code})`;
      reject(new MockError(`port ${port} ${reason}; choose another port`, { cause }));
    });
    server.listen(port, "127.0.0.1", resolve);
  });
  let stopped: Promise<void> | undefined;
  const stop = () => {
    stopped ??= new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
    return stopped;
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop };
}

const MAX_BODY_BYTES = 10 * 2 ** 20;

async function receive(incoming: IncomingMessage): Promise<ReceivedRequest> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    size += (chunk as Buffer).length;
    if (size <= MAX_BODY_BYTES) chunks.push(chunk as Buffer);
  }
  const { method = "GET", url: path = "/", headers } = incoming;
  return { method, path, headers, body: Buffer.concat(chunks), isTooLarge: size > MAX_BODY_BYTES };
}
