import { join } from "node:path";
import { parseArgs } from "node:util";
import { baseSpec, currentSpec } from "./spec-diff/documents.ts";
import { jsonReport, markdownReport } from "./spec-diff/report.ts";
import { judgeSpecs, type SpecPair } from "./spec-diff/verdict.ts";
import { chosenSpecs, ROOT, readManifest, runCommand, UsageError } from "./workspace.ts";

export interface SpecDiffOptions {
  /** A git ref or a file, instead of what was released last. */
  base?: string | undefined;
  json?: boolean;
}

/**
 * What changed in the specs since their packages' last releases, and the bump each change requires, as Markdown or JSON.
 * Throws {@link UsageError} for a package that is unknown or, if it was named or none is left, was never released.
 */
export async function specDiff(root: string, names: readonly string[], options: SpecDiffOptions = {}): Promise<string> {
  const { base, json = false } = options;
  const sides = await Promise.all(
    chosenSpecs(root, names).map(async (name) => {
      const packageName = readManifest(join(root, "packages", name)).name;
      const [old, revision] = await Promise.all([baseSpec(root, name, base), currentSpec(root, name)]);
      return { name, packageName, base: old, revision };
    }),
  );
  const pairs = sides.flatMap((side): SpecPair[] => (side.base ? [{ ...side, base: side.base }] : []));
  const unreleased = sides.filter((side) => !side.base).map(({ packageName }) => packageName);
  const note = unreleased.map(
    (name) =>
      `[spec:diff] ${name} was never released, so there is nothing to compare with; pass --base <git ref or file>`,
  );
  if (pairs.length === 0 || (names.length > 0 && unreleased.length > 0)) throw new UsageError(note.join("\n"));
  const verdicts = await judgeSpecs(pairs);
  return json ? jsonReport(verdicts) : [markdownReport(verdicts), ...note].join("\n");
}

if (import.meta.main) {
  await runCommand(async () => {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { base: { type: "string" }, json: { type: "boolean", default: false } },
    });
    console.log(await specDiff(ROOT, positionals, values));
  });
}
