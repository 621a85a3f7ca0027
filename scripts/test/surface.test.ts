import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { judgeSurfaces } from "../src/spec-diff/surface/judge.ts";
import { currentSurfaces, declarationsOf } from "../src/spec-diff/surface/package.ts";
import type { Surface } from "../src/spec-diff/surface/program.ts";
import { ROOT } from "../src/workspace.ts";

const surfaceOf = (text: string): Surface => ({
  files: new Map([["index.ts", text]]),
  entries: { ".": "index.ts" },
  folder: join(ROOT, "scripts"),
});

test("the declarations of this repository's packages are the surface their sources have", () => {
  const current = currentSurfaces(ROOT);
  const declared = declarationsOf([...current.values()]);
  const released = new Map<string, Surface>();
  [...current].forEach(([name, surface], index) => {
    const { entries = {}, files = {} } = declared[index] ?? {};
    const { folder } = surface;
    released.set(name, { entries, files: new Map(Object.entries(files)), folder, dependencies: released });
  });
  const pairs = [...current].map(([name, revision]) => ({ base: released.get(name) as Surface, revision }));
  expect(pairs.length).toBeGreaterThan(5);
  expect(judgeSurfaces(pairs).flat()).toEqual([]);
  expect(judgeSurfaces(pairs.map(({ base, revision }) => ({ base: revision, revision: base }))).flat()).toEqual([]);
});

describe("hand-written TypeScript is judged as it is used", () => {
  const cases: [string, string, string, string[]][] = [
    [
      "a required option is added",
      "f(options: { a: string }): void",
      "f(options: { a: string; b: string }): void",
      ["major input-required"],
    ],
    [
      "an optional option is added",
      "f(options: { a: string }): void",
      "f(options: { a: string; b?: string }): void",
      ["minor added"],
    ],
    ["a second parameter is needed", "f(a: string): void", "f(a: string, b: number): void", ["major parameter-added"]],
    [
      "a second parameter may be given",
      "f(a: string): void",
      "f(a: string, b?: number): void",
      ["minor parameter-added"],
    ],
    ["a parameter is gone", "f(a: string, b?: number): void", "f(a: string): void", ["major parameter-removed"]],
    ["a result loses a member", "f(): { a: string; b: string }", "f(): { a: string }", ["major output-removed"]],
    [
      "a promised result may be missing",
      "f(): Promise<{ a: string }>",
      "f(): Promise<{ a?: string }>",
      ["major output-optional"],
    ],
    [
      "what a callback is given loses a member",
      "f(on: (event: { a: string; b: string }) => void): void",
      "f(on: (event: { a: string }) => void): void",
      ["major output-removed"],
    ],
    [
      "a callback may answer less",
      "f(on: () => string | null): void",
      "f(on: () => string): void",
      ["major input-narrowed"],
    ],
    [
      "a method takes less, though methods are bivariant",
      "f(): { get(name: string | number): void }",
      "f(): { get(name: string): void }",
      ["major input-narrowed"],
    ],
    [
      "a guard says less",
      "f(e: unknown): e is { code: string }",
      "f(e: unknown): e is { code: string | number }",
      ["major output-widened"],
    ],
    ["a list's items change", "f(): readonly string[]", "f(): readonly (string | null)[]", ["major output-widened"]],
    [
      "a generic function's own parameter changes",
      "f<T>(value: T, options: { a?: string }): T",
      "f<T>(value: T, options: {}): T",
      ["major input-removed"],
    ],
    [
      "a type refers to itself",
      "f(): Tree; interface Tree { children: Tree[]; name: string }",
      "f(): Tree; interface Tree { children: Tree[] }",
      ["major output-removed"],
    ],
  ];
  test.each(cases)("%s", (_, old, now, findings) => {
    const [found = []] = judgeSurfaces([{ base: declared(old), revision: declared(now) }]);
    expect(found.map(({ bump, rule }) => `${bump} ${rule}`)).toEqual(findings);
  });
  const declared = (text: string) =>
    surfaceOf(`export declare function ${text};\n`.replace("; interface", ";\nexport interface"));

  test("a type nobody gives or takes breaks only by what breaks its writers and its readers", () => {
    const pair = (old: string, now: string) => ({
      base: surfaceOf(`export interface A { ${old} }`),
      revision: surfaceOf(`export interface A { ${now} }`),
    });
    const found = judgeSurfaces([pair("a: string", "a: string; b: string"), pair("a: string; b: string", "a: string")]);
    expect(found.map(([finding]) => finding?.bump)).toEqual(["minor", "major"]);
  });

  test("an import that leads nowhere is an error, and no verdict", () => {
    const broken = surfaceOf('export type { A } from "./nowhere.ts";');
    expect(() => judgeSurfaces([{ base: broken, revision: broken }])).toThrow("without ./nowhere.ts");
  });
});
