import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { generate } from "../../../src/generate.ts";
import { ROOT, specNames } from "../../../src/workspace.ts";
import { createWorkspace } from "../../../test/workspace.ts";
import { commandUsage } from "../command-usage.ts";
import type { Group } from "../group.ts";

const GENERATE = "`pnpm generate`";
/** Of each row, the tool that is measured, and whether the files it writes are there already. */
const ROWS: [name: string, tool: string, isAgain?: true][] = [
  ["openapi-typescript alone", "openapi-typescript alone"],
  [`${GENERATE}, every spec new`, GENERATE],
  [`${GENERATE}, no spec changed`, GENERATE, true],
  ["@hey-api/openapi-ts", "@hey-api/openapi-ts"],
];
const PROGRAM = fileURLToPath(new URL("../generate-with.ts", import.meta.url));

/** The repository's specs over and over, each under a name of its own. */
function specsOf(count: number): Record<string, string> {
  const names = specNames(ROOT);
  const entries = Array.from({ length: count }, (_, index): [string, string] => {
    const name = names[index % names.length] as string;
    return [`${name}-${index}`, readFileSync(join(ROOT, "specs", `${name}.yaml`), "utf8")];
  });
  return Object.fromEntries(entries);
}

function generationOf(count: number, rounds: number): Group {
  return {
    name: `generation of ${count} spec${count === 1 ? "" : "s"}`,
    about:
      "From the repository's own specs, repeated; the whole process counts, and every process it starts. " +
      "`pnpm generate` writes five files of each spec; openapi-typescript writes one, hey-api a client. A spec that is new or changed is linted " +
      "before, by Redocly and the house rules, which takes longer than openapi-typescript does; of one that is not, everything is generated and compared.",
    columns: { cpu: "CPU ms", wall: "wall ms" },
    rows: ROWS.map(([name, tool, isAgain]) => ({
      name,
      prepare: () => async () => {
        const { root, remove } = createWorkspace(specsOf(count));
        if (isAgain) await generate(root);
        const { cpu, wall } = await commandUsage(PROGRAM, [tool, root], ROOT);
        remove();
        return { cpu, wall };
      },
    })),
    rounds,
  };
}

export const generation: readonly Group[] = [generationOf(1, 5), generationOf(10, 5), generationOf(100, 5)];
