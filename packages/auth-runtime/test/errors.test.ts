import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { systemCodeOf } from "../src/errors.ts";
import { isVendorError, VendorError } from "../src/index.ts";
import { createAcorn, credentials, except, rejection } from "./acorn.ts";

const http = { attempts: 1 };
const thing = (status: number, body: unknown, headers = {}) =>
  createAcorn(
    except(() => Response.json(body, { status, headers })),
    { http },
  ).client.getThing({ id: "1" });
const login = (status: number, body: unknown) =>
  createAcorn(() => Response.json(body, { status }), { http }).client.getToken();

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
    ["a 403 of an exchange nobody documents", () => login(403, "no"), { code: "unexpected_status", status: 403 }],
    [
      "a refused exchange with another body",
      () => login(401, "no"),
      { code: "invalid_credentials", status: undefined },
    ],
    ["an OAuth refusal", () => login(400, { error: "invalid_client" }), { code: "invalid_credentials", status: 400 }],
    [
      "an OAuth refusal with another status",
      () => login(422, { error: "invalid_grant" }),
      { code: "unexpected_status" },
    ],
    ["400 with nothing in it", () => login(400, null), { code: "invalid_response", status: undefined }],
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

  test("an empty documented body is undefined, whatever came along", async () => {
    const { client } = createAcorn(except(() => Response.json({ echo: 1 }, { status: 401 })));
    expect(await rejection(client.renew())).toMatchObject({ code: "http_error", status: 401, body: undefined });
  });

  test("a refresh called as an operation leaves the cached token alone, even when it is refused", async () => {
    const { client, logins } = createAcorn(except(() => Response.json({}, { status: 401 })));
    const token = await client.getToken();
    await rejection(client.renew());
    await rejection(
      (client.client as unknown as { GET(path: string): Promise<{ error?: unknown }> })
        .GET("/renew")
        .then(({ error }) => Promise.reject(error)),
    );
    expect(await client.getToken()).toBe(token);
    expect(logins()).toBe(1);
  });

  test("a refused call without the input it needs is still the vendor's answer", async () => {
    expect(await rejection(createAcorn(() => Response.json({}, { status: 400 })).client.logIn())).toMatchObject({
      code: "http_error",
      status: 400,
    });
  });

  test("says what to check when credentials are refused", async () => {
    expect((await rejection(login(401, {}))).message).toBe(
      "[@test/acorn] logIn: answered 401; check user and password and apiKey and scope",
    );
  });

  test("a 401 elsewhere, after the replay, is http_error", async () => {
    expect(await rejection(thing(401, null))).toMatchObject({ code: "http_error", status: 401 });
  });

  test("an undocumented 404 or 405 says which URL answered, by its template, and hints at the base path", async () => {
    const hint = (path: string) => ` at https://api.acorn.example${path}; check the base path of server`;
    const page = (status: number) => createAcorn(except(() => new Response("<html>", { status }))).client;
    const [{ message }, wrongMethod, documented] = await Promise.all([
      rejection(page(404).getThing({ id: "secret-id", expand: "q" })),
      rejection(page(405).listKeys()),
      rejection(thing(404, { why: "gone" })),
    ]);
    const body = "answered 404 with an undocumented body";
    expect(message).toBe(`[@test/acorn] getThing: ${body}${hint("/things/{id}")}`);
    expect(wrongMethod.message).toBe(`[@test/acorn] listKeys: answered 405${hint("/keys")}`);
    expect(documented.message).toBe("[@test/acorn] getThing: answered 404");
    const lost = createAcorn(() => new Response("<html>", { status: 404 }), { server: "https://a.example/base/" });
    expect((await rejection(lost.client.getToken())).message).toBe(
      "[@test/acorn] logIn: answered 404 at https://a.example/base/login; check the base path of server",
    );
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

describe("the system code of an error", () => {
  const nested = (depth: number): Error => new Error("x", { cause: depth > 0 ? nested(depth - 1) : { code: "EPIPE" } });
  const circular = new Error("x");
  circular.cause = circular;
  test.each([
    [{ code: "ECONNRESET" }, "ECONNRESET"],
    [nested(3), "EPIPE"],
    [nested(5), undefined],
    [circular, undefined],
    [{ code: "ConnectionRefused" }, "ConnectionRefused"],
    [{ code: "secret-CODE" }, undefined],
    [{ code: "CODE secret" }, undefined],
    [{ code: 23 }, undefined],
    [undefined, undefined],
  ])("%o", (error, code) => {
    expect(systemCodeOf(error)).toBe(code);
  });
});

describe("secrets a vendor echoes", () => {
  test("are replaced also where another credential than theirs was sent", async () => {
    const echo = except(() =>
      Response.json({ echo: `${credentials.password} ${credentials.user} undefined null` }, { status: 404 }),
    );
    const error = await rejection(createAcorn(echo).client.getThing({ id: "1" }));
    expect(error["body"]).toEqual({ echo: "[redacted] someone undefined null" });
  });

  const bodyOf = async (secret: string, echo: unknown) => {
    const { client } = createAcorn(() => Response.json(echo, { status: 422 }));
    return (
      await rejection(client.store({ body: { short: "prod-key", none: null, gone: undefined, deep: [secret] } }))
    )["body"];
  };
  test("are replaced wherever they stand: the longer first, escaped as in JSON, URL-encoded, in keys", async () => {
    expect(await bodyOf("prod-key-2026", { echo: "prod-key-2026 prod-key" })).toEqual({
      echo: "[redacted] [redacted]",
    });
    expect(await bodyOf('q"uo\\te', { echo: JSON.stringify({ a: 'q"uo\\te' }) })).toEqual({
      echo: '{"a":"[redacted]"}',
    });
    expect(await bodyOf("a b&c", { "a%20b%26c": 1 })).toEqual({ "[redacted]": 1 });
    expect(await bodyOf("x", { nothing: null, list: [1, "prod-key"], words: "null undefined" })).toEqual({
      nothing: null,
      list: [1, "[redacted]"],
      words: "null undefined",
    });
    expect(await bodyOf("\ud800", { echo: 1 })).toEqual({ echo: 1 });
  });

  test("are replaced as Basic too", async () => {
    const { client } = createAcorn(({ headers }) => Response.json({ echo: headers["authorization"] }, { status: 418 }));
    expect((await rejection(client.openThing({ name: "x" })))["body"]).toEqual({ echo: "Basic [redacted]" });
  });
});

test("an error that its first receiver froze is the same error for the next", async () => {
  const { client } = createAcorn(() => Response.json({}, { status: 401 }));
  const error = await rejection(client.getToken().catch((thrown) => Promise.reject(Object.freeze(thrown))));
  expect(await rejection(client.getThing({ id: "1" }))).toBe(error);
});

test("no token of the last sixteen is shown, whichever call is answered with it", async () => {
  const { client } = createAcorn(
    except(() => Response.json({ echo: Array.from({ length: 16 }, (_, n) => `token-${n + 1}`) }, { status: 404 })),
  );
  for (let login = 0; login < 16; login++) await client.getToken({ force: true });
  const { body } = await rejection(client.getThing({ id: "1" }));
  expect(body).toEqual({ echo: Array(16).fill("[redacted]") });
});

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
