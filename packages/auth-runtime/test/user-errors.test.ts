import net, { type AddressInfo } from "node:net";
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { isNetworkError, safeCopy, safeFetchError } from "../src/errors.ts";
import { createVendorClient } from "../src/index.ts";
import { createRedact } from "../src/redact.ts";
import { type Acorn, acorn, createAcorn, credentials, rejection, type Untyped } from "./acorn.ts";

const redact = createRedact(() => [credentials.password]);
const shown = (value: unknown) => inspect(value, { depth: 20, showHidden: true, getters: true });
/** A client whose `fetch` throws, and how often it was called. */
function throwing(thrown: unknown, options: object = {}) {
  const calls = { count: 0 };
  const fetch = () => {
    calls.count++;
    throw thrown;
  };
  return { client: createVendorClient<Acorn>(acorn, { ...credentials, server: "main", fetch, ...options }), calls };
}

describe("an error thrown by the user's own fetch is named as theirs", () => {
  const mistakes: [string, unknown, string][] = [
    ["a TypeError", new TypeError("x is not a function"), "TypeError: x is not a function"],
    ["one of several lines", new Error("a\n  b\r\nc"), "Error: a b c"],
    [
      "one of Node's for a mistake",
      Object.assign(new TypeError("Invalid URL"), { code: "ERR_INVALID_URL" }),
      "TypeError: Invalid URL",
    ],
    ["a text", "out of credit", "out of credit"],
    ["null", null, "null"],
    ["undefined", undefined, "undefined"],
    ["a symbol", Symbol("s"), "Symbol(s)"],
    ["an object", { status: 500 }, "Error: "],
    ["a code that is none", Object.assign(new Error("x"), { code: Object.create(null) }), "Error: x"],
    ["one without a text", Object.create(null), "Error: "],
    ["one whose message is no text", { message: Object.create(null), name: 7 }, "Error: "],
    [
      "an object whose members throw",
      new Proxy(new Error("x"), {
        get: () => {
          throw new Error("trap");
        },
      }),
      "Error: ",
    ],
  ];
  test.each(mistakes)("%s", async (_, thrown, text) => {
    const { client, calls } = throwing(thrown);
    const typed = client.client as unknown as Untyped;
    const each = [
      () => client.ping(),
      () => client.fetch("https://api.acorn.example/x", { headers: {} }),
      () => client.getToken(),
      () => typed.GET("/ping"),
      () => typed.GET("/ping", { fetch: () => Promise.reject(thrown) }),
    ];
    for (const call of each) {
      const error = await rejection(call());
      expect(error).toMatchObject({ code: "invalid_options", package: "@test/acorn" });
      expect(error.message).toMatch(/^\[@test\/acorn\] (\w+: )?the fetch option threw /);
      expect(error.message.endsWith(`the fetch option threw ${text}`)).toBe(true);
      expect(Object(thrown) === thrown && Object.is(error.cause, thrown)).toBe(false);
      expect(error.cause).toBeDefined();
    }
    // None is sent again.
    expect(calls.count).toBe(4);
  });

  test("with a copy of its name, message, stack and code, and nothing else that hangs on it", async () => {
    const thrown = Object.assign(new RangeError(`no ${credentials.password}`, { cause: { canary: 1 } }), {
      ...{ code: "ERR_OUT_OF_RANGE", request: { canary: 1 }, data: "canary" },
    });
    thrown.stack = `RangeError: no ${encodeURIComponent(credentials.password)}\n    at yours.js:1:1`;
    const { cause } = await rejection(throwing(thrown).client.ping());
    expect(cause).toBeInstanceOf(Error);
    expect(cause).toMatchObject({
      ...{ name: "RangeError", message: "no [redacted]", code: "ERR_OUT_OF_RANGE" },
      stack: "RangeError: no [redacted]\n    at yours.js:1:1",
    });
    expect(shown(cause)).not.toMatch(/canary|example-password/);
  });

  test("without the secrets of the call, through operations and the typed client", async () => {
    const { client } = throwing(new Error("it sent call-secret and example-api-key"));
    const input = { body: { pin: "call-secret" } };
    const typed = client.client as unknown as Untyped;
    for (const call of [() => client.store(input), () => typed.POST("/store", input)]) {
      const error = await rejection(call());
      expect(error.message).toContain("threw Error: it sent [redacted] and [redacted]");
      expect(shown(error)).not.toMatch(/call-secret|example-api-key/);
    }
  });

  test("in a message of bounded length", async () => {
    const { message } = await rejection(throwing(new Error("long ".repeat(10_000))).client.ping());
    expect(message.length).toBeLessThan(300);
  });

  test("unless it is one of this family, which stays as it is", async () => {
    const other = await rejection(throwing("x").client.ping());
    expect(await rejection(throwing(other).client.fetch("https://api.acorn.example/x"))).toMatchObject({
      code: "invalid_options",
    });
    expect(await rejection(throwing(other).client.client as never).catch(() => other)).toBe(other);
  });
});

describe("what the network does to a fetch stays network_error", () => {
  const failures: [string, unknown][] = [
    ["Node", new TypeError("fetch failed", { cause: Object.assign(new Error("x"), { code: "ECONNREFUSED" }) })],
    ["undici", Object.assign(new Error("x"), { code: "UND_ERR_SOCKET" })],
    ["Node without a code", new TypeError("fetch failed")],
    ["Node, within a body", new TypeError("terminated")],
    ["TLS", Object.assign(new Error("x"), { code: "ERR_TLS_CERT_ALTNAME_INVALID" })],
    ["node-fetch", Object.assign(new Error("request to http://a/ failed"), { code: "ERR_STREAM_PREMATURE_CLOSE" })],
    ["Chrome", new TypeError("Failed to fetch")],
    ["Chrome, with the host", new TypeError("Failed to fetch (api.acorn.example)")],
    ["Firefox", new TypeError("NetworkError when attempting to fetch resource.")],
    ["Safari", new TypeError("Load failed")],
    ["Safari, by the system's words", new TypeError("The network connection was lost.")],
    ["Deno", new TypeError("error sending request for url (https://a/): client error (Connect)")],
    [
      "Bun",
      Object.assign(new Error("Unable to connect. Is the computer able to access the url?"), {
        code: "ConnectionRefused",
      }),
    ],
    ["workerd", new Error("Network connection lost.")],
    ["React Native", new TypeError("Network request failed")],
    ["a fetch that gave up", new DOMException("The operation was aborted.", "AbortError")],
  ];
  test.each(failures)("%s", async (_, thrown) => {
    const { client, calls } = throwing(thrown, { http: { backoffMs: 1 } });
    const error = await rejection(client.ping());
    expect(error).toMatchObject({ code: "network_error", operationId: "ping" });
    expect(error.message).toMatch(/no complete answer from https:\/\/api\.acorn\.example \(.*\); is it running\?$/);
    expect(calls.count).toBe(3);
    const typed = client.client as unknown as Untyped;
    expect(await rejection(typed.GET("/ping"))).toMatchObject({ code: "network_error", operationId: "ping" });
  });

  test("a fetch's own timeout is a timeout", async () => {
    const { client } = throwing(new DOMException("late", "TimeoutError"), { http: { attempts: 1 } });
    expect(await rejection(client.ping())).toMatchObject({ code: "timeout" });
  });

  test("and anything the global fetch throws", async () => {
    const global = globalThis.fetch;
    globalThis.fetch = () => Promise.reject(new TypeError("anything"));
    try {
      const { client } = createAcorn(undefined, { fetch: undefined, http: { attempts: 1 } });
      expect(await rejection(client.ping())).toMatchObject({ code: "network_error" });
    } finally {
      globalThis.fetch = global;
    }
  });

  test("a system code that is a secret is not shown", async () => {
    const { client } = throwing(Object.assign(new Error("x"), { code: "EXAMPLE_SECRET" }), {
      ...{ password: "EXAMPLE_SECRET", http: { attempts: 1 } },
    });
    const error = await rejection(client.ping());
    expect(error).toMatchObject({ code: "network_error" });
    expect(shown(error)).not.toContain("EXAMPLE_SECRET");
  });

  test("a wrong message of the user's own is not taken for the network's", () => {
    for (const message of ["Failed to fetch the key", "fetching failed", "the token", "", "terminated by x"])
      expect(isNetworkError(new TypeError(message))).toBe(false);
  });
});

describe("no third party's error passes", () => {
  test("an answer that HTTP's parser refuses is in no error of an operation or the typed client", async () => {
    const server = net.createServer((socket) => {
      socket.on("error", () => undefined);
      socket.once("data", () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n{"token":"ISSUED-TOKEN"}'));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}` as const;
      const client = createVendorClient<Acorn>(acorn, { ...credentials, server: url, http: { attempts: 1 } });
      const typed = client.client as unknown as Untyped;
      for (const call of [() => client.logIn({}), () => typed.POST("/login"), () => typed.GET("/ping")]) {
        const error = await rejection(call());
        expect(error).toMatchObject({ code: "network_error" });
        expect(shown(error)).not.toContain("ISSUED-TOKEN");
      }
    } finally {
      server.close();
    }
  });

  test("a body that breaks half-way is a network_error of the typed client", async () => {
    const broken = () => new ReadableStream({ start: (controller) => controller.error(new TypeError("terminated")) });
    const typed = createAcorn(() => new Response(broken())).client.client as unknown as Untyped;
    expect(await rejection(typed.GET("/ping"))).toMatchObject({ code: "network_error", operationId: "ping" });
  });

  test("the safe form of a fetch's error is one of fetch, with name, code and message of its cause", () => {
    const cause = Object.assign(new Error(`no ${credentials.password}`), { code: "ECONNRESET", data: "canary" });
    const safe = safeFetchError(new TypeError("fetch failed", { cause }), redact);
    expect(safe).toBeInstanceOf(TypeError);
    expect(safe).toMatchObject({
      message: "fetch failed",
      cause: { name: "Error", code: "ECONNRESET", message: "no [redacted]" },
    });
    expect(shown(safe)).not.toMatch(/canary|example-password/);
    const { message } = safeFetchError(new TypeError(`cannot send ${credentials.password}`), redact);
    expect(message).toBe("cannot send [redacted]");
    expect(safeFetchError(cause, redact)).toMatchObject({ message: "fetch failed", cause: { code: "ECONNRESET" } });
    expect(safeFetchError("lost", redact)).toMatchObject({ message: "fetch failed", cause: "lost" });
  });
});

test("a copy of an error without a stack shows no stack of ours", () => {
  expect(safeCopy({ name: "Odd", message: "x" }, redact)).toMatchObject({ name: "Odd", message: "x", stack: "Odd: x" });
});
