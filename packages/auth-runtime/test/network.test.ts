import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect, createServer as createSocketServer } from "node:net";
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { createVendorClient } from "../src/index.ts";
import { type Acorn, acorn, createAcorn, credentials, rejection } from "./acorn.ts";

/** A server on loopback that counts what reaches it. */
async function listen(answer: () => { status: number; headers?: Record<string, string> }) {
  let requests = 0;
  const server = createServer((_, response) => {
    requests++;
    const { status, headers = {} } = answer();
    response.writeHead(status, headers).end();
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  const stop = async () => {
    server.closeAllConnections();
    await close();
  };
  return { url: `http://127.0.0.1:${port}`, requests: () => requests, [Symbol.asyncDispose]: stop };
}

/** An address that refuses connections and stays taken: the near end of a connection. A port given up may become another's. */
async function refusingServer() {
  const server = createSocketServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  await once(socket, "connect");
  const close = async () => {
    socket.destroy();
    server.close();
  };
  return { url: `http://127.0.0.1:${socket.localPort}`, [Symbol.asyncDispose]: close };
}

describe("a call without an answer", () => {
  test("to a server that is not running says what it tried to reach", async () => {
    await using refusing = await refusingServer();
    const { url: server } = refusing;
    const client = createVendorClient<Acorn>(acorn, { ...credentials, server });
    const error = await rejection(client.getToken());
    expect(error).toMatchObject({ code: "network_error", operationId: "logIn", cause: { code: "ECONNREFUSED" } });
    expect(error.message).toBe(`[@test/acorn] logIn: no complete answer from ${server} (ECONNREFUSED); is it running?`);
  });

  test("keeps nothing of a cause but its system code", async () => {
    const { client } = createAcorn(() => Promise.reject(new TypeError(`fetch failed: ${credentials.password}`)));
    const error = await rejection(client.getToken());
    expect(error["code"]).toBe("network_error");
    expect(error.cause).toBeUndefined();
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(credentials.password);
  });

  const never = () => new Promise<Response>(() => undefined);
  const hanging = (options: object) => {
    const fetch = (_: unknown, init?: RequestInit) =>
      Promise.race([
        never(),
        new Promise<Response>((_resolve, reject) => {
          if (init?.signal?.aborted) reject(init.signal.reason);
          init?.signal?.addEventListener("abort", () => reject(init.signal?.reason));
        }),
      ]);
    return createVendorClient<Acorn>(acorn, { ...credentials, server: "main", fetch }).ping(undefined, options);
  };
  test("whose connection breaks half-way says so", async () => {
    const broken = () => new ReadableStream({ start: (controller) => controller.error(new TypeError("terminated")) });
    const { client } = createAcorn(() => new Response(broken()));
    const error = await rejection(client.ping());
    expect(error).toMatchObject({ code: "network_error", operationId: "ping" });
    expect(error.message).toContain("no complete answer from https://api.acorn.example (connection failed)");
  });

  test("ends with timeout when the token endpoint hangs, after as many attempts as it has", async () => {
    let requests = 0;
    const counted = () => {
      requests++;
      return never();
    };
    const { client } = createAcorn(counted, {
      http: { attemptTimeoutMs: 20, timeoutMs: 500, backoffMs: 1 },
    });
    expect(await rejection(client.getToken())).toMatchObject({ code: "timeout", operationId: "logIn" });
    expect(requests).toBe(3);
  });

  test("is not waited for when the caller's signal had ended before", async () => {
    const { client } = createAcorn(never);
    expect(await rejection(client.ping(undefined, { signal: AbortSignal.abort() }))).toMatchObject({ code: "aborted" });
  });

  test("says aborted whatever the caller's signal gives as its reason", async () => {
    const reason = await rejection(hanging({ timeoutMs: 5 }));
    const controller = new AbortController();
    const call = rejection(hanging({ signal: controller.signal }));
    controller.abort(reason);
    expect(await call).toMatchObject({ code: "aborted", operationId: "ping" });
    expect(reason["code"]).toBe("timeout");
  });

  test("ends with timeout also while it waits for a token", async () => {
    const { client } = createAcorn(never);
    expect(await rejection(client.getThing({ id: "1" }, { timeoutMs: 5 }))).toMatchObject({
      code: "timeout",
      operationId: "getThing",
    });
  });

  test("ends with timeout after timeoutMs", async () => {
    const error = await rejection(hanging({ timeoutMs: 5 }));
    expect(error).toMatchObject({ code: "timeout", operationId: "ping" });
    expect(error.message).toContain("ping: no complete answer from https://api.acorn.example in time");
    expect(await rejection(hanging({ timeoutMs: 0 }))).toMatchObject({ code: "timeout" });
  });

  test("is cancelled itself when the last who waits for a token leaves", async () => {
    const signals: AbortSignal[] = [];
    const fetch = (_: unknown, init: RequestInit) => {
      signals.push(init.signal as AbortSignal);
      return never();
    };
    const client = createVendorClient<Acorn>(acorn, { ...credentials, server: "main", fetch });
    const controller = new AbortController();
    const call = rejection(client.getToken({ signal: controller.signal }));
    while (signals.length === 0) await new Promise((resolve) => setImmediate(resolve));
    controller.abort();
    expect(await call).toMatchObject({ code: "aborted" });
    expect(signals[0]?.aborted).toBe(true);
  });

  test("ends with aborted when the caller's signal does", async () => {
    const controller = new AbortController();
    const call = rejection(hanging({ signal: controller.signal, timeoutMs: Number.POSITIVE_INFINITY }));
    controller.abort();
    expect(await call).toMatchObject({ code: "aborted", operationId: "ping" });
  });

  test.each([-1, Number.NaN])("a timeoutMs of %j is refused", async (timeoutMs) => {
    expect(await rejection(hanging({ timeoutMs }))).toMatchObject({ code: "invalid_options" });
  });

  test.each([301, 302, 303, 307, 308])("a request with a secret does not follow a redirect: %i", async (status) => {
    await using thief = await listen(() => ({ status: 200 }));
    await using vendor = await listen(() => ({ status, headers: { Location: thief.url } }));
    const client = createVendorClient<Acorn>(acorn, { ...credentials, server: vendor.url });
    expect(await rejection(client.getToken())).toMatchObject({ code: "redirect_refused", operationId: "logIn" });
    expect([vendor.requests(), thief.requests()]).toEqual([1, 0]);
  });
});
