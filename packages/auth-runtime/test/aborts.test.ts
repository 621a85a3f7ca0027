import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { createAcorn, credentials, rejection, type Untyped } from "./acorn.ts";

describe("a call that its caller ends says why", () => {
  const reasons: [string, unknown, unknown][] = [
    ["nothing", undefined, { name: "AbortError", message: "This operation was aborted" }],
    ["a timeout", new DOMException("too late", "TimeoutError"), { name: "TimeoutError", message: "too late" }],
    ["an error", new RangeError(`no ${credentials.password}`), { name: "RangeError", message: "no [redacted]" }],
    ["a text", `user left ${credentials.password}`, "user left [redacted]"],
    ["a number", 7, "7"],
    ["null", null, "null"],
  ];
  test.each(reasons)("%s", async (_, reason, expected) => {
    const { client } = createAcorn(() => new Promise<Response>(() => undefined));
    const calls: ((signal: AbortSignal) => Promise<unknown>)[] = [
      (signal) => client.ping(undefined, { signal }),
      (signal) => client.getThing({ id: "1" }, { signal }),
      (signal) => client.getToken({ signal }),
    ];
    for (const call of calls) {
      for (const isEarly of [true, false]) {
        const controller = new AbortController();
        if (isEarly) controller.abort(reason);
        const error = rejection(call(controller.signal));
        controller.abort(reason);
        const { code, cause } = await error;
        expect(code).toBe("aborted");
        if (typeof expected === "string") expect(cause).toBe(expected);
        else expect(cause).toMatchObject(expected as object);
        expect(cause).not.toBe(
          controller.signal.reason === expected ? undefined : (reason ?? controller.signal.reason),
        );
        expect(inspect(await error, { depth: 20, showHidden: true })).not.toContain(credentials.password);
      }
    }
  });

  test("the typed client rejects with the reason itself, as fetch does", async () => {
    const { client } = createAcorn(() => new Promise<Response>(() => undefined));
    const reason = new Error("mine");
    const call = (client.client as unknown as Untyped).GET("/ping", { signal: AbortSignal.abort(reason) });
    expect(await rejection(call)).toBe(reason);
  });
});

test("a signal that is taken out of the options after the call still ends it, as aborted", async () => {
  const { client } = createAcorn(() => new Promise<Response>(() => undefined));
  const controller = new AbortController();
  const options: { signal?: AbortSignal } = { signal: controller.signal };
  const error = rejection(client.ping(undefined, options));
  delete options.signal;
  controller.abort();
  expect(await error).toMatchObject({ code: "aborted" });
});
