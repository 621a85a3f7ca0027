import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { createVendorClient, isVendorError, VendorError } from "../src/index.ts";
import { type Acorn, acorn, createAcorn, credentials, except, rejection } from "./acorn.ts";

const thing = (status: number, body: unknown, headers = {}) =>
  createAcorn(except(() => Response.json(body, { status, headers }))).client.getThing({ id: "1" });
const login = (status: number, body: unknown) => createAcorn(() => Response.json(body, { status })).client.getToken();

describe("an operation's request", () => {
  test("has each flat member where the spec wants it, and fixed members filled in", async () => {
    const { client, seen } = createAcorn(except(() => Response.json({ id: "1" })));
    await client.getThing({ id: "a b/ü", expand: ["x", "y"], "X-Trace": "t" }, { headers: { "X-Own": "1" } });
    expect(seen[0]).toMatchObject({
      method: "POST",
      body: JSON.stringify({ user: "someone", password: "example-password", grant: "password" }),
      headers: { accept: "application/json", "content-type": "application/json" },
    });
    expect(seen[1]?.url).toBe("https://api.acorn.example/things/a%20b%2F%C3%BC?expand=x&expand=y");
    expect(seen[1]?.headers).toMatchObject({ "x-trace": "t", "x-own": "1" });
  });

  test("leaves out what is undefined, sends a whole body under body, and takes more members only where the spec does", async () => {
    const { client, seen } = createAcorn(
      except(({ url }) => (url.endsWith("/open") ? new Response("ok") : new Response(null, { status: 204 }))),
    );
    await client.putThing({ id: "1", body: [1, 2] });
    expect(seen.at(-1)?.body).toBe("[1,2]");
    await client.openThing({ name: undefined, extra: "1" });
    expect(seen.at(-1)?.body).toBe("extra=1");
  });

  const refused: [string, object | undefined, string][] = [
    ["a missing path member", { expand: "x" }, "id is missing"],
    ["no input where some is needed", undefined, "id is missing"],
    ["an empty path member", { id: "" }, "id has to be a string that can stand in a path"],
    ["a path member that would climb", { id: ".." }, "id has to be a string that can stand in a path"],
    ["a path member that is an object", { id: {} }, "id has to be a string that can stand in a path"],
    ["an unknown member", { id: "1", expnad: "x" }, 'it takes no "expnad"; its input is id, expand, X-Trace'],
    ["input that is no object", "1" as unknown as object, "pass its input as an object"],
  ];
  test.each(refused)("%s is refused before anything is sent", async (_, input, message) => {
    const { client, seen } = createAcorn();
    const error = await rejection(client.getThing(input));
    expect(error).toMatchObject({ code: "invalid_options", operationId: "getThing" });
    expect(error.message).toBe(`[@test/acorn] getThing: ${message}`);
    expect(seen).toEqual([]);
  });

  test("an operation without input says so", async () => {
    expect((await rejection(createAcorn().client.ping({ a: 1 }))).message).toContain(
      'it takes no "a"; it takes no input',
    );
  });
});

describe("an operation's answer", () => {
  test("is the parsed body, the text, or nothing, as the spec says", async () => {
    expect(await thing(200, { id: "1" })).toEqual({ id: "1" });
    const { client } = createAcorn(
      except(({ url }) => (url.endsWith("/open") ? new Response("opened") : new Response(null, { status: 204 }))),
    );
    expect(await client.openThing({ name: "x" })).toBe("opened");
    expect(await client.putThing({ id: "1", body: {} })).toBeUndefined();
  });

  test("counts as the documented success with any status from 200 to 299", async () => {
    expect(await thing(206, { id: "1" })).toEqual({ id: "1" });
  });

  test.each([["<html>"], [""], ["[]"], ["1"]])(
    "that is not the documented object is invalid_response: %j",
    async (body) => {
      const { client } = createAcorn(
        except(() => new Response(body, { headers: { "Content-Type": "application/json" } })),
      );
      const error = await rejection(client.getThing({ id: "1" }));
      expect(error).toMatchObject({ code: "invalid_response", status: undefined });
      expect(error.message).toContain("getThing: answered 200 with a body that is not what the spec documents");
    },
  );
});

describe("an operation's error", () => {
  const cases: [string, () => Promise<unknown>, object][] = [
    ["a listed status", () => thing(404, { why: "gone" }), { code: "http_error", status: 404, body: { why: "gone" } }],
    ["a listed range", () => thing(503, { why: "down" }), { code: "http_error", status: 503, body: { why: "down" } }],
    [
      "a status default documents",
      () => thing(418, { why: "tea" }),
      { code: "http_error", status: 418, body: { why: "tea" } },
    ],
    ["one it documents otherwise", () => thing(418, "tea"), { code: "unexpected_status", status: 418, body: "tea" }],
    [
      "a listed status with another body",
      () => thing(404, "gone"),
      { code: "invalid_response", status: undefined, body: "gone" },
    ],
    [
      "429",
      () => thing(429, { why: "slow" }, { "Retry-After": "2" }),
      { code: "rate_limited", status: 429, retryAfterMs: 2000 },
    ],
    [
      "a refused exchange",
      () => login(401, { why: "no" }),
      { code: "invalid_credentials", status: 401, operationId: "logIn" },
    ],
    [
      "a refused exchange nobody documents",
      () => login(403, "no"),
      { code: "invalid_credentials", status: 403, body: "no" },
    ],
    [
      "a refused exchange with another body",
      () => login(401, "no"),
      { code: "invalid_credentials", status: undefined },
    ],
    ["an OAuth refusal", () => login(400, { error: "invalid_client" }), { code: "invalid_credentials", status: 400 }],
    ["an OAuth mistake", () => login(400, { error: "invalid_scope" }), { code: "http_error", status: 400 }],
    [
      "an unlisted status",
      () => login(500, { why: "?" }),
      { code: "unexpected_status", status: 500, body: { why: "?" } },
    ],
    ["an exchange without a token", () => login(200, {}), { code: "invalid_response", operationId: "logIn" }],
  ];
  test.each(cases)("%s", async (_, call, expected) => {
    expect(await rejection(call())).toMatchObject(expected);
  });

  test("says what to check when credentials are refused", async () => {
    expect((await rejection(login(401, {}))).message).toBe(
      "[@test/acorn] logIn answered 401; check user and password and apiKey and scope",
    );
  });

  test("a 401 elsewhere, after the replay, is http_error", async () => {
    expect(await rejection(thing(401, null))).toMatchObject({ code: "http_error", status: 401 });
  });

  test("Retry-After may be a date", async () => {
    const date = new Date(Date.now() + 60_000).toUTCString();
    const { retryAfterMs } = await rejection(thing(429, {}, { "Retry-After": date }));
    expect(retryAfterMs).toBeGreaterThan(50_000);
    expect(retryAfterMs).toBeLessThanOrEqual(60_000);
    expect((await rejection(thing(429, {}, { "Retry-After": "later" })))["retryAfterMs"]).toBeUndefined();
  });

  test("holds no secret: echoed ones are replaced in body, and body is not enumerable", async () => {
    const echo = createAcorn(({ body }) =>
      Response.json(
        { echo: body, [credentials.apiKey]: ["x", encodeURIComponent(credentials.password)] },
        { status: 401 },
      ),
    );
    const error = await rejection(echo.client.getToken());
    const other = await rejection(
      createAcorn(({ body }) => Response.json({ echo: body }, { status: 401 })).client.logIn({
        user: "u",
        password: "another-password",
      }),
    );
    expect(error["body"]).toEqual({ echo: expect.stringContaining("[redacted]"), "[redacted]": ["x", "[redacted]"] });
    const leaked = createAcorn(
      except(({ headers }) => Response.json({ echo: headers["authorization"] }, { status: 404 })),
    );
    const token = await rejection(leaked.client.getThing({ id: "1" }));
    expect(token["body"]).toEqual({ echo: "Bearer [redacted]" });
    for (const each of [error, other, token]) {
      const visible = inspect(each, { depth: 9, showHidden: true }) + JSON.stringify(each) + each.stack;
      for (const secret of [credentials.password, credentials.apiKey, "another-password", "token-1"])
        expect(visible).not.toContain(secret);
      expect(Object.keys(each)).not.toContain("body");
    }
  });
});

describe("a call without an answer", () => {
  test("to a server that is not running says what it tried to reach", async () => {
    const { url: server, [Symbol.asyncDispose]: stop } = await listen(() => ({ status: 200 }));
    await stop();
    const client = createVendorClient<Acorn>(acorn, { ...credentials, server });
    const error = await rejection(client.getToken());
    expect(error).toMatchObject({ code: "network_error", operationId: "logIn", cause: { code: "ECONNREFUSED" } });
    expect(error.message).toBe(
      `[@test/acorn] logIn: cannot reach ${server} (ECONNREFUSED); is it running, and the network up?`,
    );
  });

  test("keeps nothing of a cause but its name and system code", async () => {
    const { client } = createAcorn(() => Promise.reject(new TypeError(`bad header ${credentials.password}`)));
    const error = await rejection(client.getToken());
    expect(error).toMatchObject({ code: "network_error", cause: { name: "TypeError" } });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(credentials.password);
  });

  const never = () => new Promise<Response>(() => undefined);
  const hanging = (options: object) => {
    const fetch = (_: unknown, init?: RequestInit) =>
      Promise.race([
        never(),
        new Promise<Response>((_resolve, reject) =>
          init?.signal?.addEventListener("abort", () => reject(init.signal?.reason)),
        ),
      ]);
    return createVendorClient<Acorn>(acorn, { ...credentials, server: "main", fetch }).ping(undefined, options);
  };
  test("ends with timeout after timeoutMs", async () => {
    const error = await rejection(hanging({ timeoutMs: 5 }));
    expect(error).toMatchObject({ code: "timeout", operationId: "ping" });
    expect(error.message).toContain("no answer from https://api.acorn.example within 5 ms");
    expect(await rejection(hanging({ timeoutMs: 0 }))).toMatchObject({ code: "timeout" });
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

describe("the family of errors", () => {
  test("is recognised across two installed copies, and told apart by package", async () => {
    const url = new URL("../src/errors.ts?copy", import.meta.url).href;
    const copy = (await import(/* @vite-ignore */ url)) as typeof import("../src/errors.ts");
    const error = new copy.VendorError("@test/acorn", "timeout", "too late");
    expect(error).not.toBeInstanceOf(VendorError);
    expect(isVendorError(error)).toBe(true);
    expect(isVendorError(error, "@test/acorn")).toBe(true);
    expect(isVendorError(error, "@test/other")).toBe(false);
    for (const other of [undefined, null, "x", new Error("x"), { code: "timeout" }])
      expect(isVendorError(other)).toBe(false);
  });
});
