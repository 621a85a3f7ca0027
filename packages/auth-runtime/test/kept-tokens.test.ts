import { expect, test } from "vitest";
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
