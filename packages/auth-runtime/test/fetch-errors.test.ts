import { type AddressInfo, createServer } from "node:net";
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { createVendorClient } from "../src/index.ts";
import { type Acorn, acorn, credentials, rejection } from "./acorn.ts";

/** A server that answers a login well, and then with bytes that are not HTTP and hold what it issued. */
async function brokenServer() {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", (request) => {
      const login = '{"token":"issued-token","expiresIn":3600}';
      const head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: ";
      const isLogin = request.toString().includes("/login");
      socket.end(isLogin ? `${head}${login.length}\r\n\r\n${login}` : `${head}-1\r\n\r\n{"echo":"issued-token"}`);
    });
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop: () => server.close() };
}

describe("an error of fetch", () => {
  test("is a TypeError as fetch's own, without the answer that undici hangs on it", async () => {
    const { url, stop } = await brokenServer();
    const client = createVendorClient<Acorn>(acorn, { ...credentials, server: url });
    const error = await rejection(client.fetch(`${url}/a`));
    stop();
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toBe("fetch failed");
    expect((error.cause as Error).name).toBe("HTTPParserError");
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain("issued-token");
  });

  test("of a request that fetch refuses keeps its message", async () => {
    const { url, stop } = await brokenServer();
    const client = createVendorClient<Acorn>(acorn, { ...credentials, server: url });
    const error = await rejection(client.fetch(`${url}/a`, { method: "GET", body: "x" }));
    stop();
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toBe("Request with GET/HEAD method cannot have body.");
  });
});
