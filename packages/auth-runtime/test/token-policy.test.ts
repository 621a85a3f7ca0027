import { describe, expect, test } from "vitest";
import { VendorError } from "../src/errors.ts";
import { rejection } from "./acorn.ts";
import { createScripted } from "./scripted-source.ts";

describe("a token source, over time", () => {
  test("refreshes in the background once inside the window, and hands out the cached token meanwhile", async () => {
    const { source, requests, issue, advance, settle, events } = createScripted(100_000);
    const first = source.getToken();
    issue(0);
    await first;
    // Without jitter the window is the last 20 %.
    advance(79_999);
    await source.getToken();
    expect(requests()).toBe(1);
    advance(1);
    const served = await Promise.all(Array.from({ length: 1000 }, () => source.getToken()));
    expect(new Set(served.map(({ accessToken }) => accessToken))).toEqual(new Set(["token-0"]));
    expect(requests()).toBe(2);
    issue(1);
    await settle();
    expect((await source.getToken()).accessToken).toBe("token-1");
    expect(events.map(({ type }) => type)).toEqual(Array(1000).fill("token.served_while_refreshing"));
  });

  test.each([
    [100_000, 30_000],
    [10_000_000, 600_000],
  ])("with all of the jitter, the window of %i ms is the last %i ms", async (lifetimeMs, windowMs) => {
    const { source, requests, issue, advance } = createScripted(lifetimeMs, { random: () => 1 });
    const first = source.getToken();
    issue(0);
    await first;
    advance(lifetimeMs - windowMs - 1);
    await source.getToken();
    expect(requests()).toBe(1);
    advance(1);
    await source.getToken();
    expect(requests()).toBe(2);
  });

  test("gives the current token to a refresh only while it is valid, and never after an invalidation or by force", async () => {
    const { source, issue, fail, advance, settle, currents } = createScripted(100_000);
    const first = source.getToken();
    issue(0);
    await first;
    advance(90_000);
    await source.getToken();
    fail(1, new Error("no"));
    await settle();
    advance(6_000);
    const late = source.getToken();
    issue(2);
    await late;
    source.getToken({ force: true }).catch(() => undefined);
    source.invalidate("token-2");
    source.getToken().catch(() => undefined);
    expect(currents.map((current) => current?.accessToken)).toEqual([
      undefined,
      "token-0",
      "token-0",
      undefined,
      undefined,
    ]);
  });

  test("after failed background refreshes waits 1, 2, 4 … 30 s before the next, and reports each", async () => {
    const { source, requests, issue, fail, advance, settle, events } = createScripted(1_000_000);
    const first = source.getToken();
    issue(0);
    await first;
    advance(800_000);
    for (const [index, waitMs] of [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000].entries()) {
      await source.getToken();
      expect(requests()).toBe(index + 2);
      fail(index + 1, new VendorError("@test/source", "network_error", "down"));
      await settle();
      expect(events.at(-1)).toMatchObject({
        type: "token.refresh_failed",
        code: "network_error",
        durationMs: 0,
        retryInMs: waitMs,
      });
      advance(waitMs - 1);
      await source.getToken();
      expect(requests()).toBe(index + 2);
      advance(1);
    }
    await source.getToken();
    issue(8);
    await settle();
    expect((await source.getToken()).accessToken).toBe("token-8");
  });

  test("refused credentials make no request for 30 s, however many callers, unless forced", async () => {
    const { source, requests, issue, fail, advance } = createScripted(60_000);
    const refusal = Object.assign(new Error("refused"), { holdMs: 30_000 });
    const first = rejection(source.getToken());
    fail(0, refusal);
    await first;
    advance(29_999);
    const errors = await Promise.all(Array.from({ length: 10_000 }, () => rejection(source.getToken())));
    expect(new Set(errors)).toEqual(new Set([refusal]));
    expect(requests()).toBe(1);
    const forced = source.getToken({ force: true });
    issue(1);
    expect((await forced).accessToken).toBe("token-1");
    expect((await source.getToken()).accessToken).toBe("token-1");
  });

  test("and one request after these 30 s", async () => {
    const { source, requests, fail, advance } = createScripted(60_000);
    const first = rejection(source.getToken());
    fail(0, Object.assign(new Error("refused"), { holdMs: 30_000 }));
    await first;
    advance(30_000);
    source.getToken().catch(() => undefined);
    expect(requests()).toBe(2);
  });

  test("the request dies with the last who waits for it, and not before", async () => {
    const { source, signals, requests } = createScripted(60_000);
    const [a, b] = [new AbortController(), new AbortController()];
    const waiting = [
      rejection(source.getToken({ signal: a.signal })),
      rejection(source.getToken({ signal: b.signal })),
    ];
    a.abort();
    await waiting[0];
    expect(signals[0]?.aborted).toBe(false);
    b.abort();
    await waiting[1];
    expect(signals[0]?.aborted).toBe(true);
    source.getToken().catch(() => undefined);
    expect(requests()).toBe(2);
  });

  test("a background refresh outlives a caller who joined it and left", async () => {
    const { source, issue, advance, signals, settle } = createScripted(100_000);
    const first = source.getToken();
    issue(0);
    await first;
    advance(90_000);
    await source.getToken();
    advance(6_000);
    const controller = new AbortController();
    const joined = rejection(source.getToken({ signal: controller.signal }));
    controller.abort();
    await joined;
    expect(signals[1]?.aborted).toBe(false);
    issue(1);
    await settle();
    expect((await source.getToken()).accessToken).toBe("token-1");
  });

  test("a clock that jumps back extends no token, and one that jumps ahead costs one early request", async () => {
    const { source, requests, issue, advance, jump } = createScripted(60_000, { inBackground: undefined });
    const first = source.getToken();
    issue(0);
    await first;
    jump(-3_600_000);
    advance(58_000);
    const second = source.getToken();
    expect(requests()).toBe(2);
    issue(1);
    await second;
    jump(3_600_000 * 24 * 365);
    const third = source.getToken();
    expect(requests()).toBe(3);
    issue(2);
    await third;
    await source.getToken();
    expect(requests()).toBe(3);
  });

  test("a token that had expired when it arrived is handed to nobody", async () => {
    const { source, issue, advance } = createScripted(1_000);
    const waiting = rejection(source.getToken());
    const issued = issue.prepare();
    advance(1_000);
    issued(0);
    expect(await waiting).toMatchObject({ code: "invalid_response" });
  });

  test("a request that is older than the deadline counts as dead and is replaced", async () => {
    const { source, requests, issue, advance } = createScripted(60_000);
    source.getToken().catch(() => undefined);
    advance(30_001);
    const next = source.getToken();
    expect(requests()).toBe(2);
    issue(1);
    expect((await next).accessToken).toBe("token-1");
    issue(0);
    expect((await source.getToken()).accessToken).toBe("token-1");
  });

  test("a caller who waited for a request that never settles gets the next one's token", async () => {
    const { source, requests, issue } = createScripted(60_000, { deadlineMs: 20 });
    const waiting = source.getToken();
    while (requests() < 2) await new Promise((resolve) => setTimeout(resolve, 1));
    issue(1);
    expect((await waiting).accessToken).toBe("token-1");
  });

  test("without a way to keep background work alive makes none, and one request at the margin", async () => {
    const { source, requests, issue, advance } = createScripted(100_000, { inBackground: undefined });
    const first = source.getToken();
    issue(0);
    await first;
    advance(94_999);
    await source.getToken();
    expect(requests()).toBe(1);
    advance(1);
    source.getToken().catch(() => undefined);
    expect(requests()).toBe(2);
  });

  test("tells of an invalidation once, and whom it concerns", async () => {
    const { source, issue, events, forgotten } = createScripted(60_000);
    const first = source.getToken();
    issue(0);
    await first;
    source.invalidate("another");
    source.invalidate("token-0");
    source.invalidate("token-0");
    expect(events).toEqual([{ type: "token.invalidated" }]);
    expect(forgotten).toEqual(["token-0"]);
  });
});
