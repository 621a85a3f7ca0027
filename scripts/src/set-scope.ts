import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { sourceFiles } from "./release/sandbox.ts";
import { settle } from "./settle.ts";
import { recordRelease } from "./spec-changeset/record.ts";
import { ROOT, readManifest, runCommand, SCOPE, UsageError } from "./workspace.ts";

const USAGE = "pnpm set-scope @scope [--repository https://github.com/owner/name]";

/** `pnpm set-scope`: this workspace under a scope, and in a repository, of one's own. */
await runCommand(async () => {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { repository: { type: "string" } } });
  const [scope = "", ...others] = positionals;
  const { repository } = values;
  if (!/^@[a-z0-9][a-z0-9._-]*$/.test(scope) || others.length > 0)
    throw new UsageError(`"${positionals.join(" ")}" is no npm scope: ${USAGE}`);
  if (repository !== undefined && !/^https:\/\/[^/]+\/[^/]+\/[^/]+$/.test(repository))
    throw new UsageError(`"${repository}" is not the address of a repository: ${USAGE}`);

  const replacements = [[new RegExp(`${SCOPE}(?![\\w.-])`, "g"), scope] as const];
  if (repository) replacements.push([new RegExp(currentRepository(), "g"), repository.replace(/\.git$/, "")]);
  // All are read before the first is written.
  const changed = sourceFiles(ROOT).flatMap((file) => {
    const text = readFileSync(file, "utf8");
    const renamed = replacements.reduce((result, [from, to]) => result.replace(from, to), text);
    return renamed === text ? [] : [[file, renamed] as const];
  });
  if (changed.length === 0) throw new UsageError(`everything is under ${scope} already`);
  for (const [file, text] of changed) writeFileSync(file, text);
  // Names decide the order of imports and dependencies, and how long a line is.
  await settle();
  // What was released under the other name is what changes are judged by from here.
  rmSync(join(ROOT, "specs/released"), { recursive: true, force: true });
  recordRelease(ROOT);
  console.log(`${changed.length} files renamed from ${SCOPE} to ${scope}; try it with pnpm test`);
});

function currentRepository(): string {
  const { repository } = readManifest(join(ROOT, "packages/auth-runtime")) as unknown as {
    repository: { url: string };
  };
  return repository.url
    .replace(/^git\+/, "")
    .replace(/\.git$/, "")
    .replaceAll(".", "\\.");
}
