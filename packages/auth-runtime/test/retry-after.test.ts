import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createVendorClient } from "../src/index.ts";
import { type Acorn, acorn, createAcorn, credentials, rejection } from "./acorn.ts";

const NOW = Date.UTC(2026, 0, 1);
const clock = { now: () => NOW, monotonic: () => performance.now() };

/** What an operation's error says of the header. */
async function pauseOf(value: string): Promise<unknown> {
  const answer = () => Response.json({}, { status: 503, headers: { "Retry-After": value } });
  const { client } = createAcorn(answer, { clock, http: { attempts: 1 } });
  return (await rejection(client.ping()))["retryAfterMs"];
}

describe("Retry-After is read by RFC 9110's grammar", () => {
  test.each<[string, number]>([
    ["7", 7000],
    ["007", 7000],
    ["1.5", 1500],
    ["0.5", 500],
    ["120.5", 120_500],
    ["1.0009", 1001],
    ["60, 60", 60_000],
    ["1, 2", 2000],
    ["2 ,\t1", 2000],
    ["2,1", 2000],
    ["1, 2.5, soon", 2500],
    ["-5, 3", 3000],
    ["Sun, 5", 5000],
    ["Thu, 01 Jan 2026 00:00:10 GMT", 10_000],
    ["Thursday, 01-Jan-26 00:00:10 GMT", 10_000],
    ["Thu Jan  1 00:00:10 2026", 10_000],
    ["Sat Jan 10 00:00:00 2026", 9 * 86_400_000],
    ["Thu, 01 Jan 2026 00:00:10 GMT, 5", 10_000],
    ["20, Thu, 01 Jan 2026 00:00:10 GMT", 20_000],
    ["Thu, 01 Jan 2026 00:00:10 GMT, Thursday, 01-Jan-26 00:00:30 GMT, Thu Jan  1 00:00:20 2026", 30_000],
    ["Thu, 01 Jan 2015 00:00:00 GMT, 3", 3000],
    ["Tuesday, 01-Jan-75 00:00:00 GMT", Date.UTC(2075, 0, 1) - NOW],
    ["Fri, 31 Dec 9999 23:59:59 GMT", Date.UTC(9999, 11, 31, 23, 59, 59) - NOW],
  ])("%s", async (value, expected) => {
    expect(await pauseOf(value)).toBe(expected);
  });

  test.each([
    "",
    "0",
    "0.0",
    "0, 0",
    "0.0001",
    "-5",
    "+1",
    "1e3",
    "0x10",
    ".5",
    "5.",
    "1.2.3",
    "5s",
    "2 3",
    "soon",
    "Infinity",
    "NaN",
    ",",
    "2030-01-01T00:00:00Z",
    "01 Jan 2030",
    "Tue, 01 Jan 2030 00:00:00 +0000",
    "Tue, 01 Foo 2030 00:00:00 GMT",
    "Tue, 01 Jan 2030 99:00:00 GMT",
    "Wed, 31 Dec 2025 23:59:59 GMT",
    "Thu, 01 Jan 2026 00:00:00 GMT",
    "Sunday, 06-Nov-94 08:49:37 GMT",
    "Sun Nov  6 08:49:37 1994",
  ])("%j is as if it were absent: the usual backoff applies", async (value) => {
    expect(await pauseOf(value)).toBeUndefined();
    const delays: number[] = [];
    const answer = () => Response.json({}, { status: 503, headers: { "Retry-After": value } });
    const { client } = createAcorn(answer, {
      clock,
      http: { attempts: 2, backoffMs: 8 },
      onEvent: (event: { delayMs: number }) => delays.push(event.delayMs),
    });
    await rejection(client.ping());
    expect(delays).toEqual([expect.any(Number)]);
    expect(delays[0]).toBeGreaterThan(0);
    expect(delays[0]).toBeLessThan(8);
  });

  test("nothing in it makes a pause of zero, a negative one or one that is no number", async () => {
    const piece = fc.constantFrom("0", "1", "9", ".", ",", " ", "-", "+", "e", "Thu", "Jan", "2026", "00:00:10", "GMT");
    const header = fc.oneof(
      fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join("")),
      fc.stringMatching(/^[ -~]*$/),
    );
    const check = async (value: string) => {
      const pause = await pauseOf(value);
      expect(pause === undefined || Number(pause) >= 1).toBe(true);
    };
    await fc.assert(fc.asyncProperty(header, check), { numRuns: 300 });
  });

  test("two lines of the header are a list", async () => {
    const headers = new Headers([
      ["Retry-After", "Thu, 01 Jan 2026 00:00:10 GMT"],
      ["Retry-After", "30"],
    ]);
    const { client } = createAcorn(() => Response.json({}, { status: 429, headers }), { clock, http: { attempts: 1 } });
    expect(await rejection(client.ping())).toMatchObject({ code: "rate_limited", retryAfterMs: 30_000 });
  });

  test("a long header is read before the test gives up", async () => {
    for (const piece of ["1", " ", ",", "1, ", "Thu, ", ", \t", "1.1", "Thu Jan "])
      await pauseOf(`x${piece.repeat(20_000)}x`);
  });
});

test("a pause longer than a timer can keep fails at once, also without a deadline", async () => {
  let requests = 0;
  const fetch = async () => {
    requests++;
    return Response.json({}, { status: 503, headers: { "Retry-After": "99999999999" } });
  };
  const http = { timeoutMs: Number.POSITIVE_INFINITY };
  const client = createVendorClient<Acorn>(acorn, { ...credentials, server: "main", fetch, http });
  expect(await rejection(client.ping())).toMatchObject({ retryAfterMs: 99_999_999_999_000 });
  expect(requests).toBe(1);
});
