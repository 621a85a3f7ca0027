import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { rejection } from "./acorn.ts";
import { connect } from "./brought.ts";

/** What makes an object a promise of a kind. */
const THEN: string = "then";

describe("a source of the user's", () => {
  const theirs = (text: string) => ({
    code: "invalid_options",
    message: `[@test/brought] auth.getToken threw ${text}`,
  });
  const broken: [string, () => unknown, object][] = [
    ["nothing", () => undefined, { code: "invalid_options" }],
    ["a bare string", () => "token", { code: "invalid_options" }],
    ["a token with a line break", () => ({ accessToken: "a\nb" }), { code: "invalid_options" }],
    [
      "an error of its own",
      () => {
        throw Object.assign(new Error("canary"), { code: "ECONNREFUSED" });
      },
      { code: "network_error", cause: { code: "ECONNREFUSED" } },
    ],
    ["a rejection", () => Promise.reject(new Error("why")), theirs("Error: why")],
    ["a rejection with nothing", () => Promise.reject(undefined), theirs("undefined")],
    ["a rejection with a text", () => Promise.reject("why"), theirs("why")],
    [
      "a token that throws when it is read",
      () => ({
        get accessToken() {
          throw new Error("why");
        },
      }),
      theirs("Error: why"),
    ],
    [
      "a promise that throws when it is waited for",
      () => ({
        [THEN]: () => {
          throw new Error("why");
        },
      }),
      theirs("Error: why"),
    ],
    ["a rejection of the network's", () => Promise.reject(new TypeError("fetch failed")), { code: "network_error" }],
  ];
  test.each(broken)(
    "that gives %s fails the call before anything is sent, and shows nothing of an error of the network",
    async (_, getToken, expected) => {
      const { client, sent } = connect({ auth: { getToken } });
      const error = await rejection(client.read());
      expect(error).toMatchObject({ ...expected, package: "@test/brought", operationId: "read" });
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain("canary");
      expect(sent).toEqual([]);
    },
  );

  test("that throws is named, with a copy of what it threw and no token", async () => {
    const thrown = Object.assign(new RangeError("canary example-token-1"), { answer: "canary-answer" });
    let calls = 0;
    const getToken = () => {
      if (calls++ > 0) throw thrown;
      return { accessToken: "example-token-1" };
    };
    const { client, sent } = connect({ auth: { getToken } });
    await client.read();
    const error = await rejection(client.read());
    expect(error).toMatchObject({ code: "invalid_options", operationId: "read" });
    expect(error.message).toBe("[@test/brought] auth.getToken threw RangeError: canary [redacted]");
    expect(error.cause).toMatchObject({ name: "RangeError", message: "canary [redacted]" });
    expect(error.cause).not.toBe(thrown);
    expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/canary-answer|example-token-1/);
    expect(sent).toHaveLength(1);
  });

  test("of this family passes as it is, also where the network caused it", async () => {
    const other = connect({
      auth: "other-token",
      fetch: () => Promise.reject(Object.assign(new Error("x"), { code: "ECONNRESET" })),
    });
    const thrown = await rejection(other.client.read());
    const { client } = connect({ auth: { getToken: () => Promise.reject(thrown) } });
    expect(await rejection(client.read())).toBe(thrown);
  });
});
