import { describe, expect, test } from "vitest";
import { isVendorError, keepTokens } from "../src/index.ts";
import { rejection } from "./acorn.ts";
import { createFakeClock } from "./scripted-source.ts";

test("a token is issued once for all who wait, and again when it has expired", async () => {
  const { clock, advance } = createFakeClock();
  let issued = 0;
  const issue = async (now: number) => ({ accessToken: `token-${++issued}`, expiresAt: now + 60_000 });
  const source = keepTokens("@test/kept", issue, clock);
  const first = await Promise.all([source.getToken(), source.getToken()]);
  expect(first).toEqual(Array(2).fill({ accessToken: "token-1", expiresAt: clock.now() + 60_000 }));
  advance(60_000);
  expect((await source.getToken()).accessToken).toBe("token-2");
});

test("a token without expiry is kept until it is invalidated", async () => {
  const { clock, advance } = createFakeClock();
  let issued = 0;
  const source = keepTokens("@test/kept", async () => ({ accessToken: `token-${++issued}`, expiresAt: null }), clock);
  const token = await source.getToken();
  advance(1e12);
  expect(await source.getToken()).toBe(token);
  source.invalidate(token);
  expect((await source.getToken()).accessToken).toBe("token-2");
});

test("a failure reaches everyone who waits, and the next call tries again", async () => {
  const failures = [new Error("no key")];
  const issue = async (now: number) => {
    const failure = failures.pop();
    if (failure) throw failure;
    return { accessToken: "token", expiresAt: now + 60_000 };
  };
  const source = keepTokens("@test/kept", issue);
  const errors = await Promise.all([rejection(source.getToken()), rejection(source.getToken())]);
  expect(errors.map((error) => (error as Error).message)).toEqual(["no key", "no key"]);
  expect((await source.getToken()).accessToken).toBe("token");
});

test("a token that is issued expired is nobody's", async () => {
  const source = keepTokens("@test/kept", async (now) => ({ accessToken: "token", expiresAt: now }));
  const error = await rejection(source.getToken());
  expect(isVendorError(error, "@test/kept") && error.code).toBe("invalid_response");
});

describe("a function that issues", () => {
  const wrong: [string, unknown, string][] = [
    ["nothing", undefined, "accessToken"],
    ["null", null, "accessToken"],
    ["a bare string", "token", "accessToken"],
    ["an empty token", { accessToken: "", expiresAt: null }, "accessToken"],
    ["a token with a line break", { accessToken: "a\nb", expiresAt: null }, "accessToken"],
    ["a token that is a number", { accessToken: 1, expiresAt: null }, "accessToken"],
    ["an end that is NaN", { accessToken: "token", expiresAt: Number.NaN }, "expiresAt"],
    ["an end that is a text", { accessToken: "token", expiresAt: "2030-01-01" }, "expiresAt"],
    ["an end that is a date", { accessToken: "token", expiresAt: new Date() }, "expiresAt"],
    ["an end that is a bigint", { accessToken: "token", expiresAt: 1n }, "expiresAt"],
  ];
  test.each(wrong)("%s is told what it has to issue", async (_, issued, member) => {
    const source = keepTokens("@test/kept", async () => issued as never);
    const error = await rejection(source.getToken());
    expect(isVendorError(error, "@test/kept") && error.code).toBe("invalid_options");
    expect(error.message).toContain(`an issued token needs an ${member}`);
  });

  test.each([undefined, null, Number.POSITIVE_INFINITY])("the end %j is none", async (expiresAt) => {
    const source = keepTokens("@test/kept", async () => ({ accessToken: "token", expiresAt }) as never);
    expect(await source.getToken()).toEqual({ accessToken: "token", expiresAt: null });
  });

  test.each([undefined, null, 0, "", false, "no"])(
    "nothing but %j as its error rejects everyone, once",
    async (reason) => {
      let calls = 0;
      const source = keepTokens("@test/kept", () => {
        calls++;
        return Promise.reject(reason);
      });
      const outcomes = await Promise.allSettled([source.getToken(), source.getToken()]);
      expect(outcomes).toEqual(Array(2).fill({ status: "rejected", reason }));
      expect(calls).toBe(1);
    },
  );

  test.each([undefined, "no", new Error("no")])(
    "%j as its error in the background leaves the token as it is",
    async (reason) => {
      const { clock, advance } = createFakeClock();
      let calls = 0;
      const issue = (now: number) =>
        calls++ === 0 ? Promise.resolve({ accessToken: "token", expiresAt: now + 100_000 }) : Promise.reject(reason);
      const source = keepTokens("@test/kept", issue, clock);
      await source.getToken();
      advance(90_000);
      for (let turn = 0; turn < 5; turn++) {
        expect((await source.getToken()).accessToken).toBe("token");
        await new Promise((resolve) => setImmediate(resolve));
      }
      expect(calls).toBe(2);
    },
  );

  test("has to be one", () => {
    expect(() => keepTokens("@test/kept", undefined as never)).toThrow("issue has to be a function");
  });
});
