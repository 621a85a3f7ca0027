import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRedact, stringsOf } from "../src/redact.ts";
import { createAcorn, credentials, except, rejection, type Untyped } from "./acorn.ts";

const clean = <Value>(value: Value, ...secrets: string[]) => createRedact(() => secrets)(value);

const eachUnit = (text: string, write: (unit: string) => string) => text.split("").map(write).join("");
const hex = (text: string, length: number) => text.charCodeAt(0).toString(16).padStart(length, "0");
const entity: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
  "/": "&sol;",
};
const ENCODERS: Record<string, (text: string) => string> = {
  "percent-encoding": (text) => encodeURIComponent(text),
  "percent-encoding in lower case": (text) => encodeURIComponent(text).replace(/%../g, (byte) => byte.toLowerCase()),
  "percent-encoding of a URL, which leaves much as it is": (text) => encodeURI(text),
  "percent-encoding of every byte": (text) =>
    [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join(""),
  "a form": (text) => new URLSearchParams({ "": text }).toString().slice(1),
  "HTML with names": (text) => text.replace(/[&<>"'/]/g, (found) => entity[found] as string),
  "HTML with decimal numbers": (text) => text.replace(/[&<>"'/]/g, (found) => `&#${found.charCodeAt(0)};`),
  "HTML with hexadecimal numbers": (text) =>
    text.replace(/[^\w]/gu, (found) => `&#X00${found.codePointAt(0)?.toString(16)};`),
  "HTML with a number for every character": (text) =>
    Array.from(text, (character) => `&#0${character.codePointAt(0)};`).join(""),
  JSON: (text) => JSON.stringify(text).slice(1, -1),
  "JSON with every slash escaped": (text) => JSON.stringify(text).slice(1, -1).replaceAll("/", "\\/"),
  "JSON in ASCII": (text) =>
    JSON.stringify(text)
      .slice(1, -1)
      .replace(/[^ -~]/g, (found) => `\\u${hex(found, 4)}`),
  "JSON with an escape for every character": (text) => eachUnit(text, (unit) => `\\u${hex(unit, 4).toUpperCase()}`),
  "the percent-encoding of browsers before UTF-8": (text) => eachUnit(text, (unit) => `%u${hex(unit, 4)}`),
};
const BASE64: Record<string, (text: string) => string> = {
  base64: (text) => Buffer.from(text).toString("base64"),
  "base64 without padding": (text) => Buffer.from(text).toString("base64").replaceAll("=", ""),
  base64url: (text) => Buffer.from(text).toString("base64url"),
  "Basic of one user": (text) => Buffer.from(`u:${text}`).toString("base64"),
  "Basic of another user": (text) => Buffer.from(`us:${text}`).toString("base64"),
  "Basic of a third, as its user": (text) => Buffer.from(`${text}:password`).toString("base64"),
  "Basic of OAuth, which encodes both halves first": (text) =>
    Buffer.from(`u:${encodeURIComponent(text)}`).toString("base64"),
  "base64 of JSON that escapes it": (text) => Buffer.from(JSON.stringify({ a: text })).toString("base64"),
  "base64url of JSON": (text) => Buffer.from(`{"a":"${text}"}`).toString("base64url"),
};
const SECRETS = [
  "k/9+&<x>y",
  "q\"uo\\te's",
  "Pässwörd-🌰 with blanks",
  "a%41&amp;b\\u0041c",
  "ends in \\",
  "100%",
  "plain-secret",
];
const cases = Object.entries({ "no encoding": (text: string) => text, ...ENCODERS }).flatMap(([name, encode]) =>
  SECRETS.map((secret): [string, string, (text: string) => string] => [name, secret, encode]),
);

/** A secret that ends as an encoded character begins may leave the end of that. It tells nothing. */
const tidy = (text: string) => text.replace(/\](25|\\{1,2})(?=[,"~])/g, "]");

describe("a secret that a vendor echoes is replaced", () => {
  test.each(cases)("in %s: %s", (_, secret, encode) => {
    expect(tidy(clean(`<p>bad ${encode(secret)}, &lt;b>`, secret))).toBe("<p>bad [redacted], &lt;b>");
    const echo = clean({ [encode(secret)]: [`${encode(secret)}~${encode(secret)}`] }, secret);
    expect(tidy(JSON.stringify(echo))).toBe('{"[redacted]":["[redacted]~[redacted]"]}');
  });

  test.each(Object.entries(BASE64))("in %s", (_, encode) => {
    for (const secret of SECRETS.filter(({ length }) => length > 4)) {
      const shown = clean(`Basic ${encode(secret)}!`, secret);
      expect(shown).toContain("[redacted]");
      // No more is left than what belongs to the neighbours, or the bits of half a character.
      const least = encode(secret).replaceAll("=", "").slice(6, -18);
      if (least.length > 4) expect(shown).not.toContain(least);
    }
  });

  test("in any encodings on top of each other, and nothing of what stands around it", async () => {
    const secret = fc.string({ unit: "grapheme", minLength: 4, maxLength: 20 }).filter((text) => /\S{4}/.test(text));
    const encoders = fc.array(fc.constantFrom(...Object.values(ENCODERS)), { maxLength: 4 });
    const check = (hidden: string, chain: ((text: string) => string)[]) => {
      fc.pre(hidden.isWellFormed() && !"~|~[redacted]".includes(hidden));
      const echo = chain.reduce((text, encode) => encode(text), hidden);
      const shown = clean(`~|~${echo}~|~`, hidden);
      // What is left of an escape before or behind it tells nothing.
      if (/^\W|\W$|[%&\\].{0,8}$/.test(hidden)) expect(shown).not.toContain(echo);
      else expect(shown).toBe("~|~[redacted]~|~");
    };
    fc.assert(fc.property(secret, encoders, check), { numRuns: 2000 });
  });

  test("the longer of two first, and each of several", () => {
    expect(clean("prod-key-2026 prod-key", "prod-key", "prod-key-2026")).toBe("[redacted] [redacted]");
    expect(clean("prod%2Dkey%2D2026 prod-key", "prod-key", "prod-key-2026")).toBe("[redacted] [redacted]");
  });

  test("also where it comes back as a number", () => {
    expect(clean({ pin: 123456, at: 1234567, ok: true, none: null }, "123456")).toEqual({
      ...{ pin: "[redacted]", at: 1234567, ok: true, none: null },
    });
  });

  test("an empty secret replaces nothing, a short one only itself", () => {
    expect(clean("a b", "")).toBe("a b");
    expect(clean("a b YQ YWI", "a")).toBe("[redacted] b YQ YWI");
    expect(clean(["10", { 1: "x" }], "1")).toEqual(["[redacted]0", { "[redacted]": "x" }]);
  });

  test("text without a secret stays as it is, however it is encoded", () => {
    const text = `%41&lt;\\u0041\\\\+%zz&nope;&#xffffffff;&#${"9".repeat(400)};\\`;
    expect(clean(text, "secret")).toBe(text);
    expect(clean(`${text} secret`, "secret")).toBe(`${text} [redacted]`);
  });

  test("a member named __proto__ is a member", () => {
    const value = clean(JSON.parse('{"__proto__":{"a":"secret"},"b":1}'), "secret");
    expect(JSON.stringify(value)).toBe('{"__proto__":{"a":"[redacted]"},"b":1}');
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });
});

test("strings are found however deep they are, and in what contains itself", () => {
  let deep: unknown = ["end"];
  for (let depth = 0; depth < 100_000; depth++) deep = [deep];
  expect(stringsOf(deep)).toEqual(["end"]);
  const circular: Record<string, unknown> = { a: "x", none: null, gone: undefined, n: 7 };
  circular["self"] = circular;
  expect(stringsOf(circular)).toEqual(["x", "7"]);
  expect(stringsOf(Array(300_000).fill("same"))).toEqual(["same"]);
});

describe("the typed client's error", () => {
  const echoing = (status: number) =>
    createAcorn(except(({ body, headers }) => Response.json({ body, headers }, { status }))).client;

  test("holds no secret of the client's, of the call's, and no token", async () => {
    const client = echoing(422);
    const typed = client.client as unknown as Untyped;
    await client.getToken();
    const call = {
      body: { pin: "example-pin" },
      headers: { "X-Echo": `token-1 ${btoa(`me:${credentials.password}`)}` },
    };
    const { error } = await typed.POST("/store", call);
    expect(JSON.stringify(error)).not.toMatch(/example-pin|token-1|ZXhhbXBsZS1wYXNzd29yZ|example-password/);
    expect(error).toMatchObject({ body: '{"pin":"[redacted]"}' });
  });

  test("keeps everything else", async () => {
    const typed = echoing(418).client as unknown as Untyped;
    expect((await typed.GET("/ping", { headers: { "X-Own": "1" } })).error).toMatchObject({
      headers: { "x-own": "1" },
    });
  });
});

test("the typed client reads no more of an answer than the limit, and cancels the rest", async () => {
  let read = 0;
  let isCancelled = false;
  const endless = () =>
    new ReadableStream({
      pull(controller) {
        read += 1000;
        controller.enqueue(new Uint8Array(1000).fill(32));
      },
      cancel: () => {
        isCancelled = true;
      },
    });
  for (const status of [200, 404]) {
    const { client } = createAcorn(() => new Response(endless(), { status }), { http: { maxResponseBytes: 10_000 } });
    const call = (client.client as unknown as Untyped).GET("/ping");
    const error = await rejection(call);
    expect(error).toMatchObject({ code: "invalid_response", operationId: "ping", httpStatus: status });
    expect(error.message).toBe("[@test/acorn] ping: the answer is longer than 10000 bytes");
    expect(isCancelled).toBe(true);
    expect(read).toBeLessThan(20_000);
    [read, isCancelled] = [0, false];
  }
});
