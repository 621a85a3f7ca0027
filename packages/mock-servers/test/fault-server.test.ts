import { describe, expect, test } from "vitest";
import { type Fault, startFaultServer } from "../src/entries/fault-server.ts";

describe("the fault server", () => {
  test("answers as the function says, and keeps what arrived", async () => {
    await using server = await startFaultServer(({ path }, index) => ({
      status: 201,
      headers: { "x-own": "1" },
      json: { path, index },
    }));
    const response = await fetch(`${server.url}/a?b=c`, { method: "POST", body: "hello", headers: { "X-Sent": "2" } });
    expect([response.status, response.headers.get("x-own"), await response.json()]).toEqual([
      201,
      "1",
      { path: "/a?b=c", index: 0 },
    ]);
    expect(server.requests).toMatchObject([
      { method: "POST", path: "/a?b=c", body: "hello", headers: { "x-sent": "2" } },
    ]);
  });

  test("sends text as it is, after a delay if asked", async () => {
    await using server = await startFaultServer(() => ({ text: "<html>", delayMs: 20 }));
    expect(await (await fetch(server.url)).text()).toBe("<html>");
  });

  const faults: [Fault, RegExp][] = [
    ["reset", /fetch failed/],
    ["resetInBody", /terminated/],
    ["truncate", /terminated/],
    ["hang", /aborted/],
  ];
  test.each(faults)("%s is no answer", async (fault, message) => {
    await using server = await startFaultServer(() => fault);
    const read = async () => (await fetch(server.url, { signal: AbortSignal.timeout(500) })).text();
    await expect(read()).rejects.toThrow(message);
    expect(server.requests).toHaveLength(1);
  });

  test("oversize is eight MiB of JSON", async () => {
    await using server = await startFaultServer(() => "oversize");
    expect((await (await fetch(server.url)).arrayBuffer()).byteLength).toBeGreaterThan(8 * 2 ** 20);
  });

  test("is gone once stopped", async () => {
    const server = await startFaultServer(() => "hang");
    const pending = fetch(server.url).catch((error: Error) => error.message);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await server.stop();
    expect(await pending).toBe("fetch failed");
    await expect(fetch(server.url)).rejects.toThrow("fetch failed");
  });
});
