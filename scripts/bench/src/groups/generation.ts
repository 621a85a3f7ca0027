import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ROOT, specNames } from "../../../src/workspace.ts";
import { createWorkspace } from "../../../test/workspace.ts";
import { commandUsage } from "../command-usage.ts";
import type { Group } from "../group.ts";

const TOOLS = ["openapi-typescript alone", "`pnpm generate`", "@hey-api/openapi-ts"];
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
      "From the repository's own specs, repeated, into empty folders; the whole process counts, and every process it starts. " +
      "`pnpm generate` lints each spec with Redocly and the house rules and writes five files of each; openapi-typescript writes one, hey-api a client.",
    columns: { cpu: "CPU ms", wall: "wall ms" },
    rows: TOOLS.map((tool) => ({
      name: tool,
      prepare: () => async () => {
        const { root, remove } = createWorkspace(specsOf(count));
        const { cpu, wall } = await commandUsage(PROGRAM, [tool, root], ROOT);
        remove();
        return { cpu, wall };
      },
    })),
    rounds,
  };
}

export const generation: readonly Group[] = [generationOf(1, 5), generationOf(10, 5), generationOf(100, 3)];
