import { join } from "node:path";
import { lintSpecs, printProblem } from "./lint/run-redocly.ts";
import { ROOT, runCommand, specNames, UsageError } from "./workspace.ts";

/** Lints every spec; a warning is printed, an error fails. */
await runCommand(async () => {
  const names = specNames(ROOT);
  const problems = await lintSpecs(
    names.map((name) => join("specs", `${name}.yaml`)),
    ROOT,
  );
  const errors = problems.filter(({ severity }) => severity === "error").length;
  const report = [
    ...problems.map(printProblem),
    `${names.length} specs, ${errors} errors, ${problems.length - errors} warnings`,
  ].join("\n");
  if (errors > 0) throw new UsageError(report);
  console.log(report);
});
