import { createHmac } from "node:crypto";
import { inspect } from "node:util";
import { startMock } from "@org/mock-servers";
import { describe, expect, test } from "vitest";
import { createSmoochKeys, isSmoochKeysError } from "../src/index.ts";
import { type ApiJwtOptions, type JwtScope, jwtAuth, signJwt, type UserJwtOptions } from "../src/jwt.ts";

const NOW_S = 1_700_000_000;
const clock = { now: () => NOW_S * 1000 + 999, monotonic: () => 0 };
const key = { keyId: "app_example", secret: "example-secret", clock };
type Options = ApiJwtOptions | UserJwtOptions;
/** Whatever a caller without types may pass. */
const sign = (options: unknown) => signJwt(options as Options);

const decode = (part = "") => JSON.parse(Buffer.from(part, "base64url").toString()) as Record<string, unknown>;
function read(token: string, secret: string) {
  const [header, payload, signature] = token.split(".");
  // An implementation of its own: node:crypto over the secret's UTF-8 bytes.
  const expected = createHmac("sha256", Buffer.from(secret, "utf8")).update(`${header}.${payload}`);
  expect(signature).toBe(expected.digest("base64url"));
  return { header: decode(header), payload: decode(payload) };
}

describe("a signed token is, to the byte, what another implementation signs", () => {
  // Computed with Python's hmac, hashlib and json.
  const vectors: [string, Options, string][] = [
    [
      "of an app, for five minutes",
      key,
      "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6ImFwcF9leGFtcGxlIn0.eyJzY29wZSI6ImFwcCIsImV4cCI6MTcwMDAwMDMwMH0.sjMG6I5ewIjBP5OdhEI5gk7ztnJ8pyg5ZxO24VZ4JAo",
    ],
    [
      "of an account, without expiry, whose secret looks like base64 and is not decoded",
      { ...key, keyId: "act_example", secret: "ZXhhbXBsZS1zZWNyZXQ", expiresIn: null },
      "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6ImFjdF9leGFtcGxlIn0.eyJzY29wZSI6ImFjY291bnQifQ.W8Pa5A0c4ATpGN0akSds_DU5OWp56u8nhUrpYN8lnVs",
    ],
    [
      "of a user, with a secret beyond ASCII",
      { ...key, secret: "gehäuse-ß-🔑", scope: "user", external_id: "42", name: "Zoë", expiresIn: 60 },
      "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6ImFwcF9leGFtcGxlIn0.eyJzY29wZSI6InVzZXIiLCJleHRlcm5hbF9pZCI6IjQyIiwibmFtZSI6Ilpvw6siLCJleHAiOjE3MDAwMDAwNjB9.e1yqPNgQZWf1GUBZ13KgUjZTGns9AYKQ2PadqlAkNwg",
    ],
  ];
  test.each(vectors)("%s", async (_, options, token) => {
    expect(await signJwt(options)).toBe(token);
    read(token, options.secret);
  });

  test.each(["x", "a".repeat(31), "a".repeat(86), "-_=+/ \t", "\u0000", "秘密"])("the secret %j", async (secret) => {
    const { header, payload } = read(await signJwt({ ...key, secret }), secret);
    expect(header).toEqual({ alg: "HS256", typ: "JWT", kid: "app_example" });
    expect(payload).toEqual({ scope: "app", exp: NOW_S + 300 });
  });
});

describe("a token ends unless expiresIn is null", () => {
  const at = (now: number) => ({ now: () => now, monotonic: () => 0 });

  test.each([undefined, 1, 300, 31_536_000])("expiresIn %j", async (expiresIn) => {
    const { payload } = read(await sign({ ...key, expiresIn }), key.secret);
    expect(payload["exp"]).toBe(NOW_S + (expiresIn ?? 300));
  });

  test("null, and nothing else, signs one without an end", async () => {
    expect(read(await sign({ ...key, expiresIn: null }), key.secret).payload).toEqual({ scope: "app" });
  });

  test.each([Number.NaN, -1, 0, -300, Infinity, -Infinity, "300", "", false, {}, [300], 1n, 1e300])(
    "the expiresIn %s is refused",
    async (expiresIn) => {
      await expect(sign({ ...key, expiresIn })).rejects.toMatchObject({ code: "invalid_options" });
      expect(() => jwtAuth({ ...key, expiresIn } as ApiJwtOptions)).toThrow("expiresIn has to be");
    },
  );

  test.each([0, -300_000, -301_000, 1e15])("on a machine whose clock says %i", async (now) => {
    const { payload } = read(await sign({ ...key, clock: at(now) }), key.secret);
    expect(payload["exp"]).toBe(Math.floor(now / 1000) + 300);
  });

  const readings = [Number.NaN, Infinity, -Infinity, undefined, null, "1700000000000", new Date(0)];
  test.each(readings)("a clock that says %j signs nothing", async (now) => {
    const clock = at(now as number);
    for (const expiresIn of [300, null]) {
      const wrong = { ...key, clock, expiresIn };
      const expected = { code: "invalid_options", message: expect.stringContaining("clock.now has to return") };
      await expect(sign(wrong)).rejects.toMatchObject(expected);
      await expect(jwtAuth(wrong).getToken()).rejects.toMatchObject(expected);
    }
  });
});

describe("the scope follows from the key's id", () => {
  const all: JwtScope[] = ["account", "app", "integration", "user"];
  // The first is what a key signs for unless asked, the others what it may be asked for.
  const kinds: Record<string, JwtScope[]> = {
    act_: ["account"],
    svc_: ["account"],
    app_: ["app", "user"],
    int_: ["integration"],
  };
  const cases = Object.keys(kinds).flatMap((prefix) => all.map((scope) => [prefix, scope] as const));

  test.each(cases)("a key that begins with %s and the scope %s", async (prefix, scope) => {
    const given = {
      ...key,
      keyId: `${prefix}67a0e949f0305f4a391e9d97`,
      scope,
      ...(scope === "user" && { external_id: "1" }),
    };
    const possible = kinds[prefix] as JwtScope[];
    if (possible.includes(scope)) {
      expect(read(await sign(given), key.secret).payload).toMatchObject({ scope });
      return;
    }
    const able = Object.keys(kinds).filter((each) => kinds[each]?.includes(scope));
    await expect(sign(given)).rejects.toMatchObject({
      code: "invalid_options",
      message: `[@org/smooch-keys] a key whose id begins with ${prefix} signs for ${possible.join(" or ")}, and a token's scope has to be its key's; ${scope} needs a key that begins with ${able.join(" or ")}`,
    });
  });

  test.each(Object.entries(kinds))("a key that begins with %s, unless asked for another", async (prefix, [first]) => {
    const token = await signJwt({ ...key, keyId: `${prefix}x` });
    expect(read(token, key.secret).payload["scope"]).toBe(first);
  });

  test.each(["", "APP_x", "xapp_1", "app-1", "67a0e949"])(
    "a key called %j needs an explicit one, and any will do",
    async (keyId) => {
      const named = { ...key, keyId: keyId || "signing-key" };
      await expect(signJwt(named)).rejects.toThrow("is not known; give scope: account, app, user, integration");
      for (const scope of all) await sign({ ...named, scope, ...(scope === "user" && { external_id: "1" }) });
    },
  );
});

describe("what no token can be made of is refused, and says why without the secret", () => {
  const user = { ...key, scope: "user", external_id: "42" };
  const wrong: [string, unknown, string][] = [
    ["no options", undefined, "options have to be an object"],
    ["no key id", { ...key, keyId: undefined }, "keyId has to be a string, not empty"],
    ["an empty secret", { ...key, secret: "" }, "secret has to be a string, not empty"],
    ["a secret that is no string", { ...key, secret: Buffer.from("s") }, "secret has to be a string"],
    ["an unknown option", { ...key, kid: "app_x" }, 'there is no option "kid"; the options are keyId, secret, scope'],
    ["an unknown scope", { ...key, scope: "appUser" }, "scope has to be one of account, app, user, integration"],
    ["a scope inherited from Object", { ...key, keyId: "x", scope: "constructor" }, "scope has to be one of"],
    ["a lifetime of 0", { ...key, expiresIn: 0 }, "expiresIn has to be a number, 1 or more"],
    ["a lifetime that is text", { ...key, expiresIn: "300" }, "expiresIn has to be a number"],
    ["half a second", { ...key, expiresIn: 1.5 }, "expiresIn has to be whole seconds, or null"],
    ["an endless lifetime", { ...key, expiresIn: Infinity }, "expiresIn has to be whole seconds, or null"],
    ["a clock that is none", { ...key, clock: Date }, "clock has to have the functions now, monotonic"],
    ["a user nobody names", { ...key, scope: "user" }, "external_id has to be a string, not empty"],
    ["a user named by a number", { ...user, external_id: 42 }, "external_id has to be a string, not empty"],
    ["a user's name that is none", { ...user, name: 1 }, "name has to be a string"],
    [
      "a user's claim in another scope",
      { ...key, external_id: "42" },
      "external_id belongs to a token of scope user, not of app",
    ],
  ];
  test.each(wrong)("%s", async (_, options, message) => {
    const error: unknown = await sign(options).catch((thrown: unknown) => thrown);
    expect(isSmoochKeysError(error) && error.message).toContain(message);
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain("example-secret");
    expect(() => jwtAuth(options as ApiJwtOptions)).toThrow("[@org/smooch-keys]");
  });

  test("a user's token does not authorise a client: the v2 API does not take it", () => {
    // @ts-expect-error it is refused by the types, too
    expect(() => jwtAuth(user)).toThrow("the API takes account, app and integration");
  });

  test("a scope and the claims that go with it are typed", () => {
    // @ts-expect-error a user has to be named
    const unnamed: UserJwtOptions = { ...key, scope: "user" };
    // @ts-expect-error an app is no user
    const named: ApiJwtOptions = { ...key, external_id: "42" };
    expect([unnamed, named]).toHaveLength(2);
  });
});

describe("jwtAuth", () => {
  const credentials = { keyId: "act_example", secret: "example-secret" };
  /** A client on a mock that checks every token's signature and expiry, and the distinct tokens it sent. */
  async function connect(options: Partial<ApiJwtOptions> = {}) {
    const mock = await startMock("smooch-keys", { credentials });
    const tokens = new Set<string | null>();
    const fetch = async (...args: Parameters<typeof globalThis.fetch>) => {
      const request = new Request(...args);
      tokens.add(request.headers.get("Authorization"));
      return globalThis.fetch(request);
    };
    const auth = jwtAuth({ ...credentials, clock: mock.clock, ...options });
    const smooch = createSmoochKeys({ server: mock.url, auth, fetch });
    return { mock, tokens, auth, list: () => smooch.listAppKeys({ appId: "a" }) };
  }

  test("signs one token for however many calls, and another ahead of its expiry", async () => {
    const { mock, tokens, list } = await connect();
    await using _ = mock;
    await Promise.all(Array.from({ length: 20 }, list));
    mock.clock.advance(200_000);
    await list();
    expect(tokens.size).toBe(1);
    // Within the window before the 300 s are over, one is signed in the background.
    mock.clock.advance(60_000);
    while (tokens.size === 1) await list();
    await list();
    expect(tokens.size).toBe(2);
    mock.clock.advance(10 * 300_000);
    await list();
    expect(tokens.size).toBe(3);
  });

  test("a token without expiry is kept", async () => {
    const { mock, tokens, auth, list } = await connect({ expiresIn: null });
    await using _ = mock;
    await list();
    mock.clock.advance(3650 * 86_400_000);
    await list();
    expect(tokens.size).toBe(1);
    expect((await auth.getToken()).expiresAt).toBeNull();
  });

  test("says when its token expires, and counts whole seconds as the token does", async () => {
    const { accessToken, expiresAt } = await jwtAuth({ ...key, expiresIn: 60 }).getToken();
    expect(expiresAt).toBe((read(accessToken, key.secret).payload["exp"] as number) * 1000);
    expect(expiresAt).toBe((NOW_S + 60) * 1000);
  });

  test("a key that is refused fails with the vendor's 401, not without end", async () => {
    const { mock, list } = await connect({ secret: "another-secret" });
    await using _ = mock;
    await expect(list()).rejects.toMatchObject({ code: "http_error", status: 401 });
    // Signed again in the same second it is the same token, which is not sent again.
    expect(mock.requests.length).toBeLessThanOrEqual(2);
  });

  test("is shared by several clients", async () => {
    const { mock, auth } = await connect();
    await using _ = mock;
    const [first, second] = [1, 2].map(() => createSmoochKeys({ server: mock.url, auth }));
    await first?.listAppKeys({ appId: "a" });
    await second?.listAppKeys({ appId: "a" });
    expect(await auth.getToken()).toBe(await auth.getToken());
  });
});
