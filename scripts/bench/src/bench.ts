import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ROOT, runCommand, UsageError } from "../../src/workspace.ts";
import { stopChildren } from "./child.ts";
import { groups } from "./groups/index.ts";
import { documentOf, printed, printedTargets } from "./report.ts";
import { type GroupResult, measure } from "./result.ts";

const USAGE = "pnpm bench [--only <text>] [--json | --write]";
const DOCUMENT = "docs/benchmarks.md";

/** `pnpm bench`: every speed the project claims, beside its peers'. */
await runCommand(async () => {
  const { values } = parseArgs({
    options: {
      only: { type: "string", default: "" },
      json: { type: "boolean", default: false },
      write: { type: "boolean", default: false },
    },
  });
  const { only, json, write } = values;
  if (write && (only || json)) throw new UsageError(`${DOCUMENT} is written from a whole run: ${USAGE}`);
  const chosen = groups.flatMap((group) => {
    const names = group.rows.map(({ name }) => name);
    const rows = group.name.includes(only) ? names : names.filter((name) => name.includes(only));
    return rows.length > 0 ? [{ group, rows }] : [];
  });
  if (chosen.length === 0) throw new UsageError(`no group and no row is called "${only}": ${USAGE}`);

  const results: GroupResult[] = [];
  for (const { group, rows } of chosen) {
    const result = await measure(group, rows);
    results.push(result);
    if (!json) console.log(printed(result));
  }
  console.log(json ? JSON.stringify(results, undefined, 2) : printedTargets(results));
  if (!write) return;
  writeFileSync(join(ROOT, DOCUMENT), documentOf(results, new Date()));
  console.log(`wrote ${DOCUMENT}`);
});
stopChildren();
