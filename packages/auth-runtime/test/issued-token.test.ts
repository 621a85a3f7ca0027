import { describe, expect, test } from "vitest";
import { readIssuedToken } from "../src/issued-token.ts";
import type { TokenExchange } from "../src/vendor.ts";
import { acorn } from "./acorn.ts";

const NOW = 1_700_000_000_000;
const NEVER = Number.POSITIVE_INFINITY;
const DAY_MS = 86_400_000;
const jwt = (claims: object) => `h.${btoa(JSON.stringify(claims)).replaceAll("+", "-").replaceAll("/", "_")}.s`;
const answer = (exchange: Partial<TokenExchange>, body: unknown, headers = {}) =>
  readIssuedToken(
    acorn,
    { operationId: "logIn", token: [["body", "t"]], ...exchange },
    body,
    new Headers(headers),
    NOW,
  );
/** The token, where there is one that can be used. */
const read = (...given: Parameters<typeof answer>) => {
  const found = answer(...given);
  return typeof found === "string" ? undefined : found;
};

describe("the lifetime an answer states", () => {
  const inSeconds: [unknown, number][] = [
    [1800, 1_800_000],
    ["1800", 1_800_000],
    [0.5, 500],
    // Ten years, beyond which no lifetime means anything.
    [1e99, 3650 * DAY_MS],
    [undefined, NEVER],
    [null, NEVER],
    [0, NEVER],
    [-1, NEVER],
    [Number.NaN, NEVER],
    ["", NEVER],
    ["soon", NEVER],
    [true, NEVER],
    [[1800], NEVER],
  ];
  test.each(inSeconds)("expiresIn %j is %j ms", (e, lifetimeMs) => {
    expect(read({ expiresIn: ["body", "e"] }, { t: "token", e })?.lifetimeMs).toBe(lifetimeMs);
  });
  test.each(inSeconds.filter(([, lifetimeMs]) => lifetimeMs === NEVER))(
    "expiresIn %j is the documented lifetime",
    (e) => {
      expect(read({ expiresIn: ["body", "e"], lifetimeMs: 5 }, { t: "token", e })?.lifetimeMs).toBe(5);
    },
  );

  const asTime: [unknown, number][] = [
    [new Date(NOW + 5000).toISOString(), 5000],
    [NOW + 5000, 5000],
    [(NOW + 5000) / 1000, 5000],
    [String((NOW + 5000) / 1000), 5000],
    [NOW - 1, NEVER],
    ["1999-01-01T00:00:00Z", NEVER],
    ["never", NEVER],
    [undefined, NEVER],
  ];
  test.each(asTime)("expiresAt %j is in %j ms", (e, lifetimeMs) => {
    expect(read({ expiresAt: ["body", "e"] }, { t: "token", e })?.lifetimeMs).toBe(lifetimeMs);
  });

  const inClaims: [string, object, number | undefined][] = [
    ["from now without iat", { exp: NOW / 1000 + 60 }, 60_000],
    ["from iat if the vendor's clock is ahead", { iat: NOW / 1000 + 100, exp: NOW / 1000 + 160 }, 60_000],
    ["from now if the vendor's clock is behind", { iat: NOW / 1000 - 100, exp: NOW / 1000 + 60 }, 60_000],
    ["from now if iat is far away", { iat: NOW / 1000 + 1000, exp: NOW / 1000 + 2000 }, 2_000_000],
    ["nothing without exp", { iat: NOW / 1000 }, NEVER],
    ["no token if exp is now", { exp: NOW / 1000 }, undefined],
    ["no token if exp is past", { exp: NOW / 1000 - 1 }, undefined],
  ];
  test.each(inClaims)("a JWT's claims: %s", (_, claims, lifetimeMs) => {
    expect(read({ jwt: true }, { t: jwt(claims) })?.lifetimeMs).toBe(lifetimeMs);
  });
  test("a JWT's claims say nothing where the spec does not say that they do", () => {
    expect(read({}, { t: jwt({ exp: NOW / 1000 + 60 }) })?.lifetimeMs).toBe(NEVER);
  });
  test("a token that is no JWT has the documented lifetime", () => {
    for (const t of ["opaque", "a.b.c", "a.%.c", `a.${btoa("null")}.c`]) {
      expect(read({ jwt: true, lifetimeMs: 7 * DAY_MS }, { t })?.lifetimeMs).toBe(7 * DAY_MS);
    }
  });
});

describe("the token an answer holds", () => {
  test("is found in a nested member, the first of a list, a header or the bare body", () => {
    expect(read({ token: [["body", "a", "b"]] }, { a: { b: "token" } })?.accessToken).toBe("token");
    expect(
      read(
        {
          token: [
            ["body", "a"],
            ["body", "b"],
          ],
        },
        { b: "token" },
      )?.accessToken,
    ).toBe("token");
    expect(read({ token: [["header", "X-Token"]] }, undefined, { "x-token": "token" })?.accessToken).toBe("token");
    expect(read({ token: [["body"]] }, "token\n")?.accessToken).toBe("token");
  });

  test.each([[undefined], [null], [["abc"]], [12], [""]])("a bare body that is %j holds none", (body) => {
    expect(read({ token: [["body"]] }, body)).toBeUndefined();
  });

  const unusable = [undefined, null, 1, "", " ", "a b", "a\nb", "a\r\nX: y", "é", "token\n", { token: "x" }];
  test.each(unusable)("%j is none that a header could carry", (t) => {
    expect(read({}, { t })).toBeUndefined();
  });

  test("is never found in what an object inherits", () => {
    expect(read({ token: [["body", "constructor", "name"]] }, {})).toBeUndefined();
  });
});
