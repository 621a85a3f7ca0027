import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { emitPackage } from "../src/emit/package-files.ts";
import { ROOT } from "../src/workspace.ts";

const spec = readFileSync(join(ROOT, "specs/smooch-keys.yaml"), "utf8");

const emit = (text: string) =>
  emitPackage({ name: "hazel-keys", packageName: "@test/hazel-keys", text, document: parse(text) });

/** Whether a package takes `auth` in the place of its credentials: what its options and its data say, which have to agree. */
async function takesAuth(text: string): Promise<boolean> {
  const files = emit(text);
  const isTyped = /auth: BearerAuth;/.test(files.get("client.ts") ?? "");
  expect(/prepare: auth\b/.test(files.get("vendor.ts") ?? "")).toBe(isTyped);
  return isTyped;
}

const [basicOnly, bearerOnly] = ["  - basicAuth: [account]\n", "  - bearerAuth: [account]\n"];
const changes: [string, (text: string) => string, boolean][] = [
  ["every operation takes one in the place of a Basic pair", (text) => text, true],
  [
    "the credential is an API key",
    (text) =>
      text
        .replace("type: http\n      scheme: basic", "type: apiKey\n      in: header\n      name: X-Key")
        .replace(/ {6}x-credential-names:\n.*\n.*\n/, ""),
    true,
  ],
  [
    "one operation needs no credentials at all",
    (text) => text.replace("operationId: getAppKey", "security: []\n      operationId: getAppKey"),
    true,
  ],
  ["no operation takes one", (text) => text.replace(/ +- bearerAuth: \[\w+\]\n/g, ""), false],
  [
    "one operation takes none",
    (text) =>
      text.replace("operationId: getAppKey", "security:\n        - basicAuth: []\n      operationId: getAppKey"),
    false,
  ],
  [
    "it goes only beside the credential",
    (text) => text.replace(basicOnly + bearerOnly, "  - basicAuth: []\n    bearerAuth: []\n"),
    false,
  ],
  [
    "it goes alone or with something beside it",
    (text) => text.replace(basicOnly + bearerOnly, "  - basicAuth: []\n  - bearerAuth: []\n    basicAuth: []\n"),
    false,
  ],
  [
    "no operation needs credentials",
    (text) => text.replace(/^security:\n.*\n.*\n/m, "security: []\n").replace(/ {6}security:\n( {8}- .*\n)+/g, ""),
    false,
  ],
  ["operations take nothing else", (text) => text.replace(/ +- basicAuth: \[\w+\]\n/g, ""), false],
];

describe("a package takes a bearer in the place of its credentials", () => {
  test.each(changes)("or not: %s", async (_, change, expected) => {
    const text = change(spec);
    expect(await takesAuth(text)).toBe(expected);
  });

  const issuing = readFileSync(join(ROOT, "specs/unith-auth.yaml"), "utf8");
  const own = "    ownToken: { type: http, scheme: bearer }\n";
  test.each([
    ["alone", issuing],
    ["or takes another", issuing.replace("  - bearerAuth: []\n", "  - ownToken: []\n  - bearerAuth: []\n")],
  ])("not where the spec issues the bearer itself, %s", async (_, text) => {
    const both = text.replace("  securitySchemes:\n", `  securitySchemes:\n${own}`);
    expect(await takesAuth(both)).toBe(false);
    expect((await emit(both)).get("vendor.ts")).toContain('security: ["bearerAuth"]');
  });
});
