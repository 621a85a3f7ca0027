import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { parseSpec, type SpecText } from "../src/spec-diff/documents.ts";
import type { Bump } from "../src/spec-diff/finding.ts";
import { bumpOf, judgeSpecs, type Verdict } from "../src/spec-diff/verdict.ts";
import { ROOT } from "../src/workspace.ts";
import { PAIRS } from "./spec-diff-pairs.ts";

const corpus = join(ROOT, "scripts/test/spec-diff-corpus");
const read = (file: string) => parseSpec(file, readFileSync(join(corpus, file), "utf8"));
const base = read("base.json");
const edited = (document: unknown) => parseSpec("edited", JSON.stringify(document));
const expected = JSON.parse(readFileSync(join(corpus, "expected.json"), "utf8")) as Record<string, Bump>;

const named = new Map<string, { base: SpecText; revision: SpecText; bump: Bump }>();
for (const [name, bump] of Object.entries(expected)) named.set(name, { base, revision: read(`${name}.json`), bump });
for (const [name, bump, edit, before] of PAIRS) {
  const old = structuredClone(base.document);
  before?.(old);
  const now = structuredClone(old);
  edit(now);
  named.set(name, { base: edited(old), revision: edited(now), bump });
}

const verdicts = new Map<string, Verdict>();
beforeAll(async () => {
  const names = [...named.keys()];
  const pairs = [...named.values()].map((pair) => ({ name: "tiny", packageName: "@org/tiny", ...pair }));
  for (const [index, verdict] of (await judgeSpecs(pairs)).entries()) verdicts.set(names[index] as string, verdict);
}, 300_000);

describe("every change gets the bump it requires", () => {
  test("the corpus is complete", () => {
    const files = readdirSync(corpus).filter((file) => file.endsWith(".json") && !/^(base|expected)\./.test(file));
    expect(files.map((file) => file.replace(".json", "")).sort()).toEqual(Object.keys(expected).sort());
  });

  test.each([...named].map(([name, { bump }]) => [name, bump]))("%s: %s", (name, bump) => {
    const verdict = verdicts.get(name) as Verdict;
    const judged = (["redocly", "types", "rules"] as const).map((judge) => [judge, bumpOf(verdict, judge)]);
    expect({ bump: verdict.bump, judged }).toEqual({ bump, judged });
  });
});

describe("each judge sees what the others miss", () => {
  const only = (judge: "redocly" | "types" | "rules") =>
    [...verdicts.values()].filter((verdict) => {
      const others = (["redocly", "types", "rules"] as const).filter((each) => each !== judge);
      return bumpOf(verdict, judge) === verdict.bump && others.every((each) => bumpOf(verdict, each) !== verdict.bump);
    });
  test.each(["redocly", "types", "rules"] as const)("%s alone decides some verdicts", (judge) => {
    expect(only(judge).length).toBeGreaterThan(0);
  });
});

test.each([
  ["a request member removed", "removed-request-field"],
  ["an exported name gone", "a schema is renamed, and its type with it"],
  ["a server renamed", "a server is renamed"],
])("the rules see %s by themselves", (_, name) => {
  expect(bumpOf(verdicts.get(name) as Verdict, "rules")).toBe("major");
});

test("what is deprecated is called so", () => {
  const messages = (name: string) => verdicts.get(name)?.findings.map(({ message }) => message);
  expect(messages("an operation is deprecated")).toContain(
    "The vendor has deprecated the operation; look for what replaces it.",
  );
  expect(messages("a member is deprecated")).toContain("The vendor has deprecated `id`; look for what replaces it.");
});

test("documents that are the same require nothing, other words a patch", async () => {
  const pair = { name: "tiny", packageName: "@org/tiny", base };
  const reworded = { ...base, text: `${base.text}\n` };
  const [same, words] = await judgeSpecs([
    { ...pair, revision: base },
    { ...pair, revision: reworded },
  ]);
  expect([same?.bump, words?.bump]).toEqual([undefined, "patch"]);
});
