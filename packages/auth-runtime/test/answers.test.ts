import { describe, expect, test, vi } from "vitest";
import { createAcorn, except, rejection } from "./acorn.ts";
import { calls, clientOf, FAST, good, serve } from "./acorn-server.ts";
import { createSpreadAcorn } from "./spread-acorn.ts";

describe("an answer", () => {
  test("longer than the limit is not read", async () => {
    await using server = await serve("oversize");
    const error = await rejection(clientOf(server).getThing({ id: "1" }));
    expect(error).toMatchObject({ code: "invalid_response" });
    expect(error.message).toContain("getThing: the answer is longer than 1048576 bytes");
    await using small = await serve({ json: "123456" });
    expect(await clientOf(small, { maxResponseBytes: 8 }).ping()).toBe("123456");
    expect(await rejection(clientOf(small, { maxResponseBytes: 7 }).ping())).toMatchObject({
      code: "invalid_response",
    });
  });

  test("longer than the limit is left to whoever sends it", async () => {
    const cancel = vi.fn();
    const endless = () => new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(64)), cancel });
    const { client } = createAcorn(() => new Response(endless()), { http: { maxResponseBytes: 100 } });
    expect(await rejection(client.ping())).toMatchObject({ code: "invalid_response" });
    expect(cancel).toHaveBeenCalledOnce();
  });

  test("longer than the limit is not read of a 401 either, which another token then mends", async () => {
    const long = { status: 401, text: "x".repeat(99) };
    await using server = await serve(long, good);
    const http = { ...FAST, attempts: 1, maxResponseBytes: 64 };
    expect(await clientOf(server, http).getThing({ id: "1" })).toEqual({ id: "1" });
    await using stubborn = await serve(long);
    expect(await rejection(clientOf(stubborn, http).getThing({ id: "1" }))).toMatchObject({ code: "invalid_response" });
  });

  const refusals: [string, (controller: ReadableStreamDefaultController) => void][] = [
    ["breaks", (controller) => controller.error(new TypeError("terminated"))],
    ["never ends", () => undefined],
  ];
  test.each(refusals)("that is a 401 whose body %s is a 401 all the same: another token is tried", async (_, start) => {
    const { client, seen } = await createSpreadAcorn(
      ({ headers }) =>
        headers["authorization"] === "Bearer token-1"
          ? new Response(new ReadableStream({ start }), { status: 401 })
          : new Response(),
      { http: { attemptTimeoutMs: 50 } },
    );
    await client.putThing({ id: "1", body: {} });
    expect(seen.filter(({ method }) => method === "PUT").map(({ headers }) => headers["authorization"])).toEqual([
      "Bearer token-1",
      "Bearer token-2",
    ]);
  });

  test("is put together of the pieces it comes in, wherever they break", async () => {
    const bytes = new TextEncoder().encode(JSON.stringify({ id: "é€🌰" }));
    const pieces = () => {
      const rest = [...bytes];
      return new ReadableStream({
        pull(controller) {
          if (rest.length > 0) controller.enqueue(Uint8Array.from(rest.splice(0, 1)));
          else controller.close();
        },
      });
    };
    const { client } = createAcorn(except(() => new Response(pieces())));
    expect(await client.getThing({ id: "1" })).toEqual({ id: "é€🌰" });
  });

  test("that comes after its attempt was given up is nobody's", async () => {
    const late = Promise.withResolvers<Response>();
    const { client } = createAcorn(
      except((_, index) => {
        if (index === 1) return late.promise;
        const body = new ReadableStream({
          async pull(controller) {
            late.resolve(Response.json({ id: "late" }));
            await new Promise((resolve) => setTimeout(resolve, 10));
            controller.enqueue(new TextEncoder().encode('{"id":"1"}'));
            controller.close();
          },
        });
        return new Response(body);
      }),
      { http: { attemptTimeoutMs: 200, backoffMs: 1 } },
    );
    expect(await client.getThing({ id: "1" })).toEqual({ id: "1" });
  });

  test("that never comes ends with timeout, after the attempts or the deadline", async () => {
    await using server = await serve("hang");
    const http = { attempts: 2, attemptTimeoutMs: 100, backoffMs: 1 };
    expect(await rejection(clientOf(server, http).ping())).toMatchObject({ code: "timeout" });
    expect(calls(server)).toBe(2);
    expect(await rejection(clientOf(server, { timeoutMs: 30 }).ping())).toMatchObject({
      code: "timeout",
    });
  });

  test("that is slow enough is waited for without a limit where none is set", async () => {
    await using server = await serve({ ...good, delayMs: 50 });
    const http = { attemptTimeoutMs: Number.POSITIVE_INFINITY, timeoutMs: 2 ** 40 };
    expect(await clientOf(server, http).getThing({ id: "1" })).toEqual({ id: "1" });
  });
});
