import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { specDiff } from "../src/spec-diff.ts";
import { UsageError } from "../src/workspace.ts";
import { createWorkspace, fictionalSpecs, run, snapshot } from "./workspace.ts";

const spec = fictionalSpecs["cedar-text"] as string;
const { root, remove } = createWorkspace({
  "cedar-text": spec,
  "dogwood-forever": fictionalSpecs["dogwood-forever"] as string,
});
afterAll(remove);
const current = join(root, "specs/cedar-text.yaml");
const released = join(root, "specs/released/cedar-text.yaml");
mkdirSync(join(root, "specs/released"));
const breaking = spec.replace("operationId: getThing", "operationId: readThing");

async function refusal(work: Promise<string>): Promise<string> {
  const before = snapshot(root);
  const error = await work.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UsageError);
  expect(snapshot(root)).toEqual(before);
  const { message } = error as UsageError;
  expect(message.split("\n")).toHaveLength(1);
  return message;
}

describe("spec:diff", () => {
  test("says by operation what changed since the release, which bump that requires, and why", async () => {
    writeFileSync(released, spec);
    writeFileSync(current, breaking);
    const report = await specDiff(root, ["@org/cedar-text"]);
    expect(report).toMatch(/^## @org\/cedar-text: major\n\nCompared with specs\/released\/cedar-text\.yaml\./);
    expect(report).toMatch(/^- \*\*major\*\* .*`getThing`.*\(types: output-removed\)$/m);
    expect(report).toMatch(/^- \*\*major\*\* .*\(redocly: operation-id-changed\)$/m);
  });

  test("says the same to machines", async () => {
    const { bump, packages } = JSON.parse(await specDiff(root, ["cedar-text"], { json: true }));
    expect(bump).toBe("major");
    expect(packages[0]).toMatchObject({ package: "@org/cedar-text", redocly: "major", types: "major", bump: "major" });
    expect(packages[0].findings[0]).toMatchObject({ judge: expect.any(String), message: expect.any(String) });
  });

  test("compares with a file or a git ref", async () => {
    const file = join(root, "before.yaml");
    writeFileSync(file, breaking);
    expect(await specDiff(root, ["cedar-text"], { base: "before.yaml" })).toContain("cedar-text: no change");
    rmSync(file);
    const git = (...args: string[]) => execFileSync("git", args, { cwd: root });
    git("init", "--quiet");
    git("add", ".");
    git("-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "--quiet", "-m", "a");
    expect(await specDiff(root, ["cedar-text"], { base: "HEAD" })).toContain("cedar-text: no change");
    writeFileSync(current, spec);
    expect(await specDiff(root, ["cedar-text"], { base: "HEAD" })).toContain("cedar-text: major");
    expect(await refusal(specDiff(root, ["cedar-text"], { base: "nowhere" }))).toContain(
      "nowhere is no file, and git knows no nowhere:specs/cedar-text.yaml",
    );
    rmSync(join(root, ".git"), { recursive: true });
  });

  test("judges the packages that were released, and names the others", async () => {
    const report = await specDiff(root, []);
    expect(report).toContain("## @org/cedar-text: no change");
    expect(report).toContain("[spec:diff] @org/dogwood-forever was never released");
  });
});

describe("one sentence, and nothing written, for", () => {
  test("a package that was never released", async () => {
    expect(await refusal(specDiff(root, ["dogwood-forever"]))).toBe(
      "[spec:diff] @org/dogwood-forever was never released, so there is nothing to compare with; pass --base <git ref or file>",
    );
  });

  test("a package there is not", async () => {
    expect(await refusal(specDiff(root, ["acme"]))).toContain("there is no spec acme; the specs are cedar-text");
  });

  const broken: [string, string, string][] = [
    ["does not parse", spec.replace("info:", "info: ["), " does not parse: "],
    ["is no OpenAPI document", "hello: world\n", " is no OpenAPI document; specs are OpenAPI 3.1"],
    ["is OpenAPI 3.0", spec.replace("3.1.0", "3.0.3"), " is OpenAPI 3.0.3; specs are OpenAPI 3.1"],
  ];
  test.each(broken)("a spec that %s, on either side", async (_, text, message) => {
    writeFileSync(current, text);
    expect(await refusal(specDiff(root, ["cedar-text"]))).toMatch(/^\[spec:diff\] specs\/cedar-text\.yaml/);
    writeFileSync(current, spec);
    writeFileSync(released, text);
    const refused = await refusal(specDiff(root, ["cedar-text"]));
    expect(refused).toMatch(/^\[spec:diff\] specs\/released\/cedar-text\.yaml/);
    expect(refused).toContain(message);
    writeFileSync(released, spec);
  });

  test("an unknown option", async () => {
    expect(await run("spec-diff.ts", "--bsae", "main")).toMatchObject({
      code: 1,
      output: expect.stringContaining("--bsae"),
    });
  });
});
