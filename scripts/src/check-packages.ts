import { readFileSync } from "node:fs";
import { join } from "node:path";
import { missingPromises, readTests } from "./shapes/promises.ts";
import { readWorkspace } from "./shapes/read-workspace.ts";
import { shapeRules } from "./shapes/rules.ts";
import { ROOT, runCommand, UsageError } from "./workspace.ts";

/** `pnpm shapes`: every package has the shape the rules ask for. */
await runCommand(async () => {
  const workspace = readWorkspace(ROOT);
  const findings = Object.entries(shapeRules).flatMap(([rule, check]) =>
    check(workspace).map((found) => `${rule}: ${found}`),
  );
  findings.push(...missingPromises(readFileSync(join(ROOT, "SECURITY.md"), "utf8"), readTests(ROOT)));
  if (findings.length > 0) throw new UsageError(findings.join("\n"));
  console.log(`${workspace.packages.length} packages, ${Object.keys(shapeRules).length} rules, all kept`);
});
