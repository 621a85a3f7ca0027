import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { parseDate } from "../src/clock.ts";
import { type Clock, keepTokens } from "../src/index.ts";
import { createAcorn, except, rejection } from "./acorn.ts";
import { createFakeClock, createScripted } from "./scripted-source.ts";

const ok = except(() => Response.json({}));
const settle = async () => {
  for (let turn = 0; turn < 30; turn++) await new Promise((resolve) => setImmediate(resolve));
};
const throwing = () => {
  throw new Error("example-secret");
};
const readings: [string, () => unknown][] = [
  ["NaN", () => Number.NaN],
  ["-Infinity", () => Number.NEGATIVE_INFINITY],
  ["Infinity", () => Number.POSITIVE_INFINITY],
  ["text", () => "1700000000000"],
  ["nothing", () => undefined],
  ["a date", () => new Date()],
  ["a bigint", () => 1n],
  ["an error it throws", throwing],
];

describe("every reading of a user's clock is checked:", () => {
  const names = ["now", "monotonic"] as const;
  const cases = names.flatMap((name) => readings.map(([label, read]) => [name, label, read] as const));
  test.each(cases)("clock.%s that gives %s is invalid_options, by name", async (name, _, read) => {
    const clock = { ...createFakeClock().clock, [name]: read } as Clock;
    const { client, logins } = createAcorn(ok, { clock });
    const kept = keepTokens("@test/kept", async () => ({ accessToken: "a", expiresAt: null }), clock);
    for (const call of [() => client.getToken(), () => client["getThing"]({ id: "1" }), () => kept.getToken()]) {
      const error = await rejection(call());
      const message = expect.stringContaining(`clock.${name} has to return a finite number`);
      expect(error).toMatchObject({ code: "invalid_options", message });
      expect(error.stack).not.toContain("example-secret");
    }
    expect(logins()).toBe(0);
  });

  test.each(readings)(
    "a clock that breaks later and gives %s ends calls, no process, and works again",
    async (_, read) => {
      const { clock, advance } = createFakeClock();
      const { now, monotonic } = clock;
      const { client } = createAcorn(ok, { clock });
      await client.getToken();
      for (const name of ["now", "monotonic"] as const) {
        advance(3_600_000 - 60_000);
        // The background refresh begins with a clock that works and ends with one that does not.
        await client.getToken();
        Object.assign(clock, { [name]: read });
        await settle();
        expect(await rejection(client.getToken())).toMatchObject({ code: "invalid_options" });
        Object.assign(clock, { now, monotonic });
        expect((await client.getToken({ force: true })).accessToken).toMatch(/^token-/);
      }
    },
  );

  test("the cause of a reading that threw is a cleaned copy of the error", async () => {
    const thrown = Object.assign(new RangeError("no time for example-password"), { request: "canary" });
    const now = () => {
      throw thrown;
    };
    const { client } = createAcorn(ok, { clock: { ...createFakeClock().clock, now } });
    const { cause } = await rejection(client.getToken());
    expect(cause).toMatchObject({ name: "RangeError", message: "no time for [redacted]" });
    expect(cause).not.toBe(thrown);
    expect(cause).not.toHaveProperty("request");
  });

  test("a clock whose every other reading fails makes no requests without end", async () => {
    let reading = 0;
    const monotonic = () => (reading++ % 2 === 0 ? 1000 : Number.NaN);
    const { client, logins } = createAcorn(ok, { clock: { now: () => 1_700_000_000_000, monotonic } });
    expect(await rejection(client.getToken())).toMatchObject({ code: "invalid_options" });
    expect(logins()).toBeLessThanOrEqual(1);
  });

  test("a clock that breaks while a request fails ends the wait for it, and makes no other", async () => {
    const { source, clock, fail, requests } = createScripted(60_000);
    const waiting = rejection(source.getToken());
    const { monotonic } = clock;
    clock.monotonic = () => {
      clock.monotonic = monotonic;
      throw new Error("clock");
    };
    fail(0, new Error("down"));
    expect((await waiting).message).toBe("clock");
    expect(requests()).toBe(1);
  });

  const half: unknown = { now: Date.now };
  test.each([null, 1, Date, half])("%j is no clock", (clock) => {
    expect(() => createAcorn(ok, { clock })).toThrow("clock has to have the functions now, monotonic");
    expect(() => keepTokens("@test/kept", async () => ({ accessToken: "a", expiresAt: null }), clock as never)).toThrow(
      "clock has to have the functions now, monotonic",
    );
  });
});

describe("a date", () => {
  const expected = Date.UTC(2026, 10, 25, 13);
  const dates: [string, number][] = [
    ["2026-11-25T13:00:00", expected],
    ["2026-11-25 13:00:00", expected],
    ["2026-11-25t13:00:00", expected],
    ["2026-11-25T13:00", expected],
    ["2026-11-25 13:00", expected],
    ["2026-11-25T13:00:00.000", expected],
    ["2026-11-25 13:00:00.000000", expected],
    [" 2026-11-25T13:00:00\n", expected],
    ["2026-11-25", Date.UTC(2026, 10, 25)],
    ["Wed Nov 25 13:00:00 2026", expected],
    ["25 Nov 2026 13:00:00", expected],
    ["Nov 25, 2026 1:00 PM", expected],
    ["2026/11/25 13:00:00", expected],
    ["11/25/2026 13:00:00", expected],
    ["2026-11-25T13:00:00Z", expected],
    ["2026-11-25 13:00:00Z", expected],
    ["2026-11-25 13:00:00 UTC", expected],
    ["2026-11-25T10:00:00-03:00", expected],
    ["2026-11-25 10:00:00-0300", expected],
    ["2026-11-25T22:00:00.000+09:00", expected],
    ["Wed, 25 Nov 2026 13:00:00 GMT", expected],
    ["Wed, 25 Nov 2026 10:00:00 -0300", expected],
    ["Wed Nov 25 2026 10:00:00 GMT-0300 (Brasilia Standard Time)", expected],
    ["Wed, 25 Nov 2026 08:00:00 EST", expected],
    ["never", Number.NaN],
    ["", Number.NaN],
    ["2026-13-25T13:00:00", Number.NaN],
    [`2026-11-25T13:00:00.${"0".repeat(1_000_000)}`, Number.NaN],
  ];
  test.each(dates)("%.60j without a zone is UTC, and with one is of that zone", (text, ms) => {
    expect(parseDate(text)).toBe(ms);
  });

  test.each(["UTC", "America/Sao_Paulo", "Asia/Tokyo", "Asia/Kolkata"])("is the same moment in %s", (zone) => {
    const source = new URL("../src/clock.ts", import.meta.url).href;
    const texts = dates.map(([text]) => text).filter(({ length }) => length < 99);
    const script = `import { parseDate } from ${JSON.stringify(source)};
      console.log(JSON.stringify(${JSON.stringify(texts)}.map(parseDate)));`;
    const args = ["--disable-warning=ExperimentalWarning", "--input-type=module", "-e", script];
    const { stdout, stderr } = spawnSync(process.execPath, args, {
      env: { ...process.env, TZ: zone, NODE_OPTIONS: "" },
      encoding: "utf8",
    });
    expect(stderr).toBe("");
    const ms = dates.filter(([text]) => text.length < 99).map(([, each]) => (Number.isNaN(each) ? null : each));
    expect(JSON.parse(stdout)).toEqual(ms);
  });
});
