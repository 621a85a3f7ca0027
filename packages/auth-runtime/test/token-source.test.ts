import { describe, expect, test } from "vitest";
import { rejection } from "./acorn.ts";
import { createScripted } from "./scripted-source.ts";

describe("a token source", () => {
  test("makes one request however many callers wait", async () => {
    const { source, requests, issue } = createScripted(60_000);
    const callers = Array.from({ length: 10_000 }, () => source.getToken());
    issue(0);
    const tokens = await Promise.all(callers);
    expect(requests()).toBe(1);
    expect(new Set(tokens).size).toBe(1);
  });

  test("hands out the cached token until its last moments, which are 5 % of its lifetime and at most 10 s", async () => {
    for (const [lifetimeMs, marginMs] of [
      [60_000, 3_000],
      [3_600_000, 10_000],
    ] as const) {
      const { source, requests, issue, advance, clock } = createScripted(lifetimeMs, { inBackground: undefined });
      const first = source.getToken();
      issue(0);
      expect(await first).toEqual({ accessToken: "token-0", expiresAt: clock.now() + lifetimeMs });
      advance(lifetimeMs - marginMs - 1);
      await source.getToken();
      expect(requests()).toBe(1);
      advance(1);
      const second = source.getToken();
      issue(1);
      expect((await second).accessToken).toBe("token-1");
    }
  });

  test("keeps a token without a lifetime until it is invalidated", async () => {
    const { source, requests, issue, advance } = createScripted(Number.POSITIVE_INFINITY);
    const first = source.getToken();
    issue(0);
    expect(await first).toEqual({ accessToken: "token-0", expiresAt: null });
    advance(10 * 365 * 24 * 3_600_000);
    await source.getToken();
    expect(requests()).toBe(1);
    source.invalidate("token-0");
    source.getToken().catch(() => undefined);
    expect(requests()).toBe(2);
  });

  test("rejects everybody who waited with the one failure, and starts over at the next call", async () => {
    const { source, requests, issue, fail } = createScripted(60_000);
    const callers = Array.from({ length: 100 }, () => rejection(source.getToken()));
    const cause = new Error("no");
    fail(0, cause);
    expect(new Set(await Promise.all(callers))).toEqual(new Set([cause]));
    const next = source.getToken();
    issue(1);
    expect((await next).accessToken).toBe("token-1");
    expect(requests()).toBe(2);
  });

  test("forgets the token that is invalidated, and keeps a newer one", async () => {
    const { source, requests, issue } = createScripted(60_000);
    const first = source.getToken();
    issue(0);
    const token = await first;
    source.invalidate({ ...token });
    const second = source.getToken();
    issue(1);
    await second;
    source.invalidate(token);
    expect((await source.getToken()).accessToken).toBe("token-1");
    expect(requests()).toBe(2);
  });

  test("an answer to a request older than the invalidation never enters the cache", async () => {
    const { source, issue } = createScripted(60_000);
    const first = source.getToken();
    issue(0);
    await first;
    const old = source.getToken({ force: true });
    source.invalidate("token-0");
    const fresh = source.getToken();
    issue(2);
    issue(1);
    expect((await old).accessToken).toBe("token-1");
    expect((await fresh).accessToken).toBe("token-2");
    expect((await source.getToken()).accessToken).toBe("token-2");
  });

  test("force obtains another although the cached one is valid", async () => {
    const { source, requests, issue } = createScripted(60_000);
    const first = source.getToken();
    issue(0);
    await first;
    const forced = source.getToken({ force: true });
    issue(1);
    expect((await forced).accessToken).toBe("token-1");
    expect((await source.getToken()).accessToken).toBe("token-1");
    expect(requests()).toBe(2);
  });

  test("one caller's abort ends that caller's wait and nobody else's", async () => {
    const { source, issue } = createScripted(60_000);
    const controller = new AbortController();
    const other = source.getToken();
    const impatient = rejection(source.getToken({ signal: controller.signal }));
    controller.abort("bored");
    expect(await impatient).toMatchObject({ code: "aborted" });
    issue(0);
    expect((await other).accessToken).toBe("token-0");
    expect(await rejection(source.getToken({ signal: AbortSignal.abort("late") }))).toMatchObject({ code: "aborted" });
  });

  test("refuses options that are none, and invalidates nothing when given nothing", async () => {
    const { source } = createScripted(60_000);
    expect((await rejection(source.getToken(null as never))).message).toContain("options have to be an object");
    expect((await rejection(source.getToken({ signal: {} as never }))).message).toContain(
      "signal has to be an AbortSignal",
    );
    expect(() => source.invalidate(undefined as never)).not.toThrow();
  });

  test("a token cannot be changed by whoever gets it", async () => {
    const { source, issue } = createScripted(60_000);
    const first = source.getToken();
    issue(0);
    expect(Object.isFrozen(await first)).toBe(true);
  });
});
