import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The tests SECURITY.md names that no test file holds any more. */
export function missingPromises(security: string, tests: readonly string[]): string[] {
  const rows = [...security.matchAll(/^\|[^|]+\|[^|]+\| *`([^`]+)` *\|$/gm)].map(([, name]) => name as string);
  const all = tests.join("\n").replaceAll("\\'", "'");
  if (rows.length === 0) return ["SECURITY.md names no test at all"];
  return rows
    .filter((name) => !all.includes(name))
    .map((name) => `SECURITY.md names the test "${name}", which does not exist`);
}

/** Every test file of the packages, and of the scripts that try all of them. */
export function readTests(root: string): string[] {
  return ["packages", "scripts/test"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".test.ts") && !file.includes("node_modules"))
      .map((file) => readFileSync(join(root, folder, file), "utf8")),
  );
}
