import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { generate } from "../src/generate.ts";
import { recordRelease } from "../src/spec-changeset/record.ts";
import { checkChangesets, writeChangesets } from "../src/spec-changeset.ts";
import { ROOT, readManifest, UsageError } from "../src/workspace.ts";
import { createWorkspace, fictionalSpecs, run, snapshot } from "./workspace.ts";

const spec = fictionalSpecs["cedar-text"] as string;
const { root, remove } = createWorkspace({ "cedar-text": spec });
afterAll(remove);
const file = (path: string) => join(root, path);
const read = (path: string) => readFileSync(file(path), "utf8");
const edit = (path: string, from: string | RegExp, to: string) => {
  expect(read(path)).toMatch(from);
  writeFileSync(file(path), read(path).replace(from, to));
};
const own = ".changeset/spec-cedar-text.md";
const changeset = (name: string, releases: Record<string, string>) => {
  const front = Object.entries(releases).map(([each, bump]) => `"@org/${each}": ${bump}`);
  writeFileSync(file(`.changeset/${name}.md`), `---\n${front.join("\n")}\n---\n\nSomething.\n`);
};

// One client and a runtime of its own, both released as 1.0.0.
const runtime = file("packages/auth-runtime");
mkdirSync(runtime);
for (const part of ["package.json", "src"]) {
  cpSync(join(ROOT, "packages/auth-runtime", part), join(runtime, part), { recursive: true });
}
symlinkSync(join(ROOT, "packages/auth-runtime/node_modules"), join(runtime, "node_modules"));
await generate(root);
for (const name of ["cedar-text", "auth-runtime"]) {
  const { version } = readManifest(file(`packages/${name}`)) as unknown as { version: string };
  edit(`packages/${name}/package.json`, `"version": "${version}"`, '"version": "1.0.0"');
}
recordRelease(root);
const untouched = snapshot(root);
beforeEach(() => {
  rmSync(file(".changeset"), { recursive: true, force: true });
  mkdirSync(file(".changeset"));
  for (const [path, text] of Object.entries(untouched)) writeFileSync(path, text);
});

async function refusal(work: Promise<string>): Promise<string> {
  const before = snapshot(root);
  const error = await work.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UsageError);
  expect(snapshot(root)).toEqual(before);
  return (error as UsageError).message;
}
const addMember = (name: string) =>
  edit("specs/cedar-text.yaml", "        password:\n", `        ${name}:\n          type: string\n        password:\n`);
const requireNote = () => {
  edit("specs/cedar-text.yaml", "[user, password]", "[user, password, note]");
  edit("specs/cedar-text.yaml", "user: someone", "user: someone\n                  note: something");
};

test("what each test begins with holds the workspace's own files alone, and no dependency's", () => {
  expect(Object.keys(untouched).filter((path) => path.includes("node_modules"))).toEqual([]);
});

describe("recordRelease", () => {
  test("writes nothing where no version was raised, and only what was", () => {
    expect(recordRelease(root)).toEqual([]);
    edit("packages/cedar-text/package.json", '"1.0.0"', '"1.1.0"');
    edit("packages/cedar-text/src/index.ts", "createVendorClient<", "createVendorClient</* as ever */ ");
    expect(recordRelease(root)).toEqual(["specs/released/cedar-text.json", "specs/released/cedar-text.yaml"]);
    expect(JSON.parse(read("specs/released/cedar-text.json"))).toMatchObject({ version: "1.1.0" });
  });

  test("writes nothing for a package that was never released", () => {
    edit("packages/cedar-text/package.json", '"1.0.0"', '"0.0.0"');
    rmSync(file("specs/released/cedar-text.json"));
    expect(recordRelease(root)).toEqual([]);
  });
});

describe("spec:changeset", () => {
  test("writes nothing where nothing changed since the release", async () => {
    expect(await writeChangesets(root)).toBe("changesets are up to date");
    expect(await checkChangesets(root)).toBe("2 packages, 0 changesets: each package has the bump it requires");
  });

  test("regenerates, and writes one changeset with the bump and what a user has to do; the check passes then", async () => {
    addMember("note");
    requireNote();
    expect(await refusal(checkChangesets(root))).toContain("requires major, but no changeset names it");
    expect(await writeChangesets(root)).toBe(`wrote ${own}: @org/cedar-text major`);
    expect(read("packages/cedar-text/src/generated/client.ts")).toContain("note: string;");
    expect(read(own)).toMatch(/^---\n"@org\/cedar-text": major\n---\n\nBreaking: the API changed\.\n\n- /);
    expect(read(own)).toContain("- `createToken`: `input.note` is new and required; pass it.\n");
    expect(read(own)).toContain("- `createCedarText`: `options.note` is new and required; pass it.\n");
    expect(await checkChangesets(root)).toContain("1 changesets");
  });

  test("run twice changes nothing", async () => {
    addMember("note");
    await writeChangesets(root);
    const first = snapshot(root);
    expect(await writeChangesets(root)).toBe("changesets are up to date");
    expect(snapshot(root)).toEqual(first);
  });

  test("keeps a bump that a person raised, and renews the text", async () => {
    addMember("note");
    await writeChangesets(root);
    expect(read(own)).toContain('"@org/cedar-text": minor');
    edit(own, "minor", "major");
    expect(await writeChangesets(root)).toBe("changesets are up to date");
    edit("specs/cedar-text.yaml", " note:", " remark:");
    await writeChangesets(root);
    expect(read(own)).toContain('"@org/cedar-text": major');
    expect(read(own)).toContain("`input.remark` is new.");
    expect(read(own)).not.toContain("note");
  });

  test("takes its changeset back when the spec is again what was released", async () => {
    addMember("note");
    await writeChangesets(root);
    writeFileSync(file("specs/cedar-text.yaml"), spec);
    expect(await writeChangesets(root)).toBe(`removed ${own}: nothing it described is left`);
    expect(Object.keys(snapshot(file(".changeset")))).toEqual([]);
  });

  test("other words are a patch", async () => {
    edit("specs/cedar-text.yaml", /summary: .*/, "summary: Said otherwise");
    await writeChangesets(root);
    expect(read(own)).toBe('---\n"@org/cedar-text": patch\n---\n\nWording or examples of the document changed.\n');
  });

  test("a spec with a mistake is named by file and line, and nothing is written", async () => {
    edit("specs/cedar-text.yaml", "info:", "info: [");
    expect(await refusal(writeChangesets(root))).toMatch(/^specs\/cedar-text\.yaml:\d+:\d+ error yaml/);
  });

  test("a package that was never released is named, and gets nothing written", async () => {
    edit("packages/cedar-text/package.json", '"1.0.0"', '"0.0.0"');
    rmSync(file("specs/released/cedar-text.json"));
    rmSync(file("specs/released/cedar-text.yaml"));
    const note = "[spec:changeset] @org/cedar-text was never released";
    expect(await writeChangesets(root)).toBe(`${note} and no changeset names it; run: pnpm changeset`);
    expect(await refusal(checkChangesets(root))).toBe(`${note} and no changeset names it; run: pnpm changeset`);
    changeset("first", { "cedar-text": "major" });
    expect(await writeChangesets(root)).toBe(`${note}; its first release is a major`);
    expect(await checkChangesets(root)).toContain("1 changesets");
  });
});

describe("spec:changeset --check", () => {
  test("passes for this repository", async () => {
    expect(await run("spec-changeset.ts", "--check")).toMatchObject({ code: 0 });
  });

  test("fails where pending changesets are lower than the spec requires, and says what repairs it", async () => {
    addMember("note");
    await generate(root);
    changeset("mine", { "cedar-text": "patch" });
    expect(await refusal(checkChangesets(root))).toMatch(
      /^\[spec:changeset\] @org\/cedar-text changed since 1\.0\.0 and requires minor, but its changesets say patch \(.*\); run: pnpm spec:changeset$/,
    );
    await writeChangesets(root);
    await checkChangesets(root);
  });

  test("fails where the hand-written surface loses an export", async () => {
    edit("packages/cedar-text/src/index.ts", "ClientOptions, ", "");
    changeset("mine", { "cedar-text": "minor" });
    expect(await refusal(checkChangesets(root))).toContain(
      "requires major, but its changesets say minor (The export `ClientOptions` is gone",
    );
  });

  test("fails where published source changed without any changeset, whatever the change", async () => {
    edit("packages/auth-runtime/src/options.ts", "insecureOrigins", "insecureOrigins /* said again */");
    const refused = await refusal(checkChangesets(root));
    expect(refused).toBe(
      "[spec:changeset] @org/auth-runtime changed since 1.0.0, but no changeset names it; describe the change: pnpm changeset",
    );
    changeset("mine", { "auth-runtime": "patch" });
    await checkChangesets(root);
  });

  test("fails where a dependency or an export of the manifest changed without any changeset", async () => {
    edit("packages/auth-runtime/package.json", '"openapi-fetch": "0.17.0"', '"openapi-fetch": "0.17.1"');
    expect(await refusal(checkChangesets(root))).toContain("@org/auth-runtime changed since 1.0.0");
  });

  test("is content with a runtime that only grew, and the vendors as they are", async () => {
    edit(
      "packages/auth-runtime/src/options.ts",
      /(export interface ClientOptions \{\n)/,
      "$1  more?: string | undefined;\n",
    );
    changeset("mine", { "auth-runtime": "patch" });
    expect(await refusal(checkChangesets(root))).toMatch(
      /auth-runtime changed since .* requires minor, but its changesets say patch/,
    );
    changeset("mine", { "auth-runtime": "minor" });
    await checkChangesets(root);
  });

  const breaks: [string, () => void, string][] = [
    [
      "that the types show",
      () => edit("packages/auth-runtime/src/options.ts", "origins?: readonly string[] | undefined;", ""),
      "`createCedarText`: `options.origins` is no longer taken",
    ],
    [
      "that only its changeset tells",
      () => edit("packages/auth-runtime/src/options.ts", "insecureOrigins", "insecureOrigins /* said again */"),
      "`@org/auth-runtime`, whose types this package exports, has a breaking release",
    ],
  ];
  test.each(breaks)(
    "fails where a breaking runtime change %s leaves the vendors at a patch",
    async (_, damage, reason) => {
      damage();
      changeset("mine", { "auth-runtime": "major", "cedar-text": "patch" });
      const refused = await refusal(checkChangesets(root));
      expect(refused).toContain("@org/cedar-text changed since 1.0.0 and requires major, but its changesets say patch");
      expect(refused).toContain(reason);
      expect(refused).toMatch(/run: pnpm spec:changeset$/);
      await writeChangesets(root);
      expect(read(own)).toContain('"@org/cedar-text": major');
      await checkChangesets(root);
    },
  );

  test("fails where a version was raised and not recorded", async () => {
    edit("packages/cedar-text/package.json", '"1.0.0"', '"1.1.0"');
    expect(await refusal(checkChangesets(root))).toBe(
      "[spec:changeset] @org/cedar-text has a new version, and specs/released/cedar-text.json records 1.0.0; run: pnpm release:version",
    );
    recordRelease(root);
    await checkChangesets(root);
  });

  test("names a changeset that is none", async () => {
    writeFileSync(file(".changeset/odd.md"), "no front matter\n");
    expect(await refusal(checkChangesets(root))).toMatch(/^\[spec:changeset\] \.changeset\/odd\.md is no changeset; /);
  });
});
