import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { addChangeset } from "../src/release/releases.ts";
import { runProcess } from "../src/release/run-process.ts";
import { ROOT, SCOPE } from "../src/workspace.ts";
import { changesetsIn, createWorkspace, fictionalSpecs } from "./workspace.ts";

const TEXT = `A change, with a list:

- one
  - nested

- two

\`\`\`ts
const x = { a:1 }
\`\`\``;

const { root, remove } = createWorkspace({ "cedar-text": fictionalSpecs["cedar-text"] as string });
afterAll(remove);

test("Biome accepts the changelog that a changeset with lists and code becomes", async () => {
  const changesets = changesetsIn(root);
  for (const file of ["package.json", "biome.json"]) cpSync(join(ROOT, file), join(root, file));
  addChangeset(root, { [`${SCOPE}/cedar-text`]: "minor" }, TEXT);
  await changesets("version");
  const changelog = readFileSync(join(root, "packages/cedar-text/CHANGELOG.md"), "utf8");
  expect(changelog).toContain("const x = { a:1 }");
  const check = (folder: string) =>
    runProcess(join(ROOT, "node_modules/.bin/biome"), ["check", "--error-on-warnings", folder], { cwd: root });
  await check("packages");
  // The same text elsewhere is refused, so the check above did look.
  writeFileSync(join(root, "packages/cedar-text/README.md"), changelog);
  await expect(check("packages")).rejects.toThrow("README.md format");
});
