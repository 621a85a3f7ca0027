import { join } from "node:path";
import { lintSpecs, printProblem } from "./lint/run-redocly.ts";
import { ROOT, runCommand, specNames, UsageError } from "./workspace.ts";

/** `pnpm lint`: every spec, warnings included, because a spec is ours to mend. */
await runCommand(async () => {
  const names = specNames(ROOT);
  const problems = await lintSpecs(
    names.map((name) => join("specs", `${name}.yaml`)),
    ROOT,
  );
  if (problems.length > 0) throw new UsageError(problems.map(printProblem).join("\n"));
  console.log(`${names.length} specs, 0 errors, 0 warnings`);
});
