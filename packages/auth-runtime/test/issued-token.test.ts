import { describe, expect, test } from "vitest";
import { describePaths, readIssuedToken } from "../src/issued-token.ts";
import type { TokenExchange } from "../src/vendor.ts";

const NOW = 1_700_000_000_000;
const DAY_MS = 86_400_000;
const jwt = (claims: object) => `h.${btoa(JSON.stringify(claims)).replaceAll("+", "-").replaceAll("/", "_")}.s`;
const read = (exchange: Partial<TokenExchange>, body: unknown, headers = {}) =>
  readIssuedToken({ operationId: "logIn", token: [["body", "t"]], ...exchange }, body, new Headers(headers), NOW);

describe("the lifetime an answer states", () => {
  const inSeconds: [unknown, number | null][] = [
    [1800, 1_800_000],
    ["1800", 1_800_000],
    [0.5, 500],
    // Ten years, beyond which no lifetime means anything.
    [1e99, 3650 * DAY_MS],
    [undefined, null],
    [null, null],
    [0, null],
    [-1, null],
    [Number.NaN, null],
    ["", null],
    ["soon", null],
    [true, null],
    [[1800], null],
  ];
  test.each(inSeconds)("expiresIn %j is %j ms", (e, lifetimeMs) => {
    expect(read({ expiresIn: ["body", "e"] }, { t: "token", e })?.lifetimeMs).toBe(lifetimeMs);
  });
  test.each(inSeconds.filter(([, lifetimeMs]) => lifetimeMs === null))(
    "expiresIn %j is the documented lifetime",
    (e) => {
      expect(read({ expiresIn: ["body", "e"], lifetimeMs: 5 }, { t: "token", e })?.lifetimeMs).toBe(5);
    },
  );

  const asTime: [unknown, number | null][] = [
    [new Date(NOW + 5000).toISOString(), 5000],
    [NOW + 5000, 5000],
    [(NOW + 5000) / 1000, 5000],
    [String((NOW + 5000) / 1000), 5000],
    [NOW - 1, null],
    ["1999-01-01T00:00:00Z", null],
    ["never", null],
    [undefined, null],
  ];
  test.each(asTime)("expiresAt %j is in %j ms", (e, lifetimeMs) => {
    expect(read({ expiresAt: ["body", "e"] }, { t: "token", e })?.lifetimeMs).toBe(lifetimeMs);
  });

  const inClaims: [string, object, number | null | undefined][] = [
    ["from now without iat", { exp: NOW / 1000 + 60 }, 60_000],
    ["from iat if the vendor's clock is ahead", { iat: NOW / 1000 + 100, exp: NOW / 1000 + 160 }, 60_000],
    ["from now if the vendor's clock is behind", { iat: NOW / 1000 - 100, exp: NOW / 1000 + 60 }, 60_000],
    ["from now if iat is far away", { iat: NOW / 1000 + 1000, exp: NOW / 1000 + 2000 }, 2_000_000],
    ["nothing without exp", { iat: NOW / 1000 }, null],
    ["no token if exp is past", { exp: NOW / 1000 - 1 }, undefined],
  ];
  test.each(inClaims)("a JWT's claims: %s", (_, claims, lifetimeMs) => {
    expect(read({ expiresIn: "jwt" }, { t: jwt(claims) })?.lifetimeMs).toBe(lifetimeMs);
  });
  test("a token that is no JWT has the documented lifetime", () => {
    for (const t of ["opaque", "a.b.c", "a.%.c", `a.${btoa("null")}.c`]) {
      expect(read({ expiresIn: "jwt", lifetimeMs: 7 * DAY_MS }, { t })?.lifetimeMs).toBe(7 * DAY_MS);
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

  const unusable = [undefined, null, 1, "", " ", "a b", "a\nb", "a\r\nX: y", "é", "token\n", { token: "x" }];
  test.each(unusable)("%j is none that a header could carry", (t) => {
    expect(read({}, { t })).toBeUndefined();
  });

  test("is never found in what an object inherits", () => {
    expect(read({ token: [["body", "constructor", "name"]] }, {})).toBeUndefined();
  });

  test("is described by where the spec says it is", () => {
    expect(describePaths([["body", "data", "bearer"], ["body"], ["header", "X-Token"]])).toBe(
      "$response.body#/data/bearer or $response.body or $response.header.X-Token",
    );
  });
});
