import { bytesOf, type Fault, raw, type TokenChanges } from "./fault.ts";

const DAY_MS = 86_400_000;

const TOKENS: Record<string, unknown> = {
  missing: undefined,
  null: null,
  number: 12345,
  true: true,
  object: { accessToken: "x" },
  array: ["x"],
  empty: "",
  blank: " ",
  "with a space": "to ken",
  "with a space before": " token",
  "with a tab": "to\tken",
  "with a carriage return": "to\rken",
  "with a line feed": "to\nken",
  "with a header in it": "token\r\nX-Injected: yes",
  "with a nul": "to\0ken",
  "with a delete character": "to\x7fken",
  "non-ascii": "tökén",
  "beyond the plane": "token😀",
  "half a surrogate": "token\ud800",
  "called undefined": undefined,
  "of 100 kB": "x".repeat(100_000),
};

const LIFETIMES: Record<string, unknown> = {
  missing: undefined,
  null: null,
  zero: 0,
  "minus zero": raw("-0"),
  "minus one": -1,
  "a nan": "NaN",
  "a number as text": "1800",
  "a number as text with blanks": " 1800 ",
  "a hex number": "0x10",
  huge: raw("1e99"),
  infinite: raw("1e400"),
  "minus infinite": raw("-1e400"),
  "a word": "Infinity",
  "a fraction": 0.5,
  "next to nothing": 1e-9,
  empty: "",
  true: true,
  object: {},
  array: [1800],
  "a past date": new Date(0).toISOString(),
  "a date without a zone": new Date(Date.now() + DAY_MS).toISOString().slice(0, 19),
  "a date": new Date(Date.now() + DAY_MS).toISOString(),
  "a date that is none": "2026-02-31T25:61:61Z",
};

/** What an answer may give as a token, and as its lifetime. */
export function tokenFaults(): Fault[] {
  const issue = (group: string, values: Record<string, unknown>, changes: (value: unknown) => TokenChanges) =>
    Object.entries(values).map(
      ([name, value]): Fault => ({
        name: `${group} ${name}`,
        group: `${group}s`,
        issuing: true,
        answer: (context) => bytesOf(context.success(changes(value))),
      }),
    );
  return [
    ...issue("token", TOKENS, (token) => ({ token })),
    ...issue("lifetime", LIFETIMES, (lifetime) => ({ lifetime })),
  ];
}
