import { parseArgs } from "node:util";
import { runCommand, UsageError } from "../../src/workspace.ts";
import { groups } from "./groups/index.ts";
import { printed } from "./report.ts";
import { type GroupResult, measure } from "./result.ts";

const USAGE = "pnpm bench [--only <text>] [--json]";
await runCommand(async () => {
  const { values } = parseArgs({
    options: {
      only: { type: "string", default: "" },
      json: { type: "boolean", default: false },
      write: { type: "boolean", default: false },
    },
  });
  const results: GroupResult[] = [];
  for (const group of groups) {
    const isWhole = group.name.includes(values.only);
    const names = group.rows.map(({ name }) => name).filter((name) => isWhole || name.includes(values.only));
    if (names.length === 0) continue;
    const result = await measure(group, names);
    results.push(result);
    if (!values.json) console.log(printed(result));
  }
  if (results.length === 0) throw new UsageError(`nothing is called "${values.only}": ${USAGE}`);
  if (values.json) console.log(JSON.stringify(results, undefined, 2));
});
