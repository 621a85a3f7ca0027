import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createProject } from "./consumers/projects.ts";
import { expectationOf, followPage } from "./docs-page.ts";
import { pascalCase } from "./emit/names.ts";
import { startRegistry } from "./release/registry.ts";
import { release } from "./release/releases.ts";
import { runProcess } from "./release/run-process.ts";
import { createSandbox } from "./release/sandbox.ts";
import { temporaryFolder } from "./release/temporary-folder.ts";
import { ROOT, runCommand, SCOPE, UsageError } from "./workspace.ts";

const NAME = "fir-api";
const DOCUMENT = join(ROOT, "scripts/test/vendor-documents/fir-3.0.yaml");

/**
 * `pnpm test:vendor`: docs/adding-a-vendor.md is followed in a copy of the repository, the whole gate included. Then the package it makes is
 * published to a registry, and passes the conformance cases in a project outside.
 */
await runCommand(async () => {
  await using registry = await startRegistry();
  const sandbox = await createSandbox();
  const { root, pnpm } = sandbox;

  const page = readFileSync(join(ROOT, "docs/adding-a-vendor.md"), "utf8");
  await followPage(page, async (line) => {
    const startedAt = performance.now();
    const { command, code } = expectationOf(line);
    const [program = "", ...args] = command.split(" ");
    const work = program === "pnpm" ? pnpm(...args) : runProcess(program, args, { cwd: root });
    const [ended, output] = await work.then(
      (printed) => [0, printed] as const,
      (error: Error) => [1, error.message] as const,
    );
    if (ended !== code) throw new UsageError(`${line}\nended with ${ended}:\n${output}`);
    console.log(`${command} (${((performance.now() - startedAt) / 1000).toFixed(1)} s)`);
    return output;
  });
  const left = await runProcess("git", ["status", "--short"], { cwd: root });
  if (left.trim() !== "") throw new UsageError(`remove-vendor left:\n${left}`);

  await pnpm("new-vendor", NAME, "--spec", DOCUMENT, "--fix");
  await release(sandbox, registry);
  const names = [`${SCOPE}/${NAME}`, `${SCOPE}/mock-servers`];
  const project = await createProject(temporaryFolder("outside"), "npm", names, registry);
  writeFileSync(join(project, "conformance.mjs"), recipeFor(NAME));
  const tested = await runProcess(process.execPath, ["--test", "conformance.mjs"], { cwd: project });
  const counts = ["pass", "fail"].map((each) => new RegExp(`${each} \\d+`).exec(tested)?.[0]).join(", ");
  console.log(`outside the repository, installed from a registry: ${counts}`);
});

/** The README's own recipe, about another package. */
function recipeFor(name: string): string {
  const readme = readFileSync(join(ROOT, "packages/mock-servers/README.md"), "utf8");
  const [, recipe = ""] = /```ts\n\/\/ conformance\.node\.ts\n([\s\S]*?)```/.exec(readme) ?? [];
  const [, own = ""] = /startMock\("([\w-]+)"\)/.exec(recipe) ?? [];
  return recipe.replaceAll(own, name).replaceAll(pascalCase(own), pascalCase(name));
}
