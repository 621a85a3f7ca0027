import { machineClass, peerVersions } from "./machine.ts";
import type { GroupResult } from "./result.ts";
import type { Spread } from "./statistics.ts";
import { type TargetResult, targetsOf } from "./targets.ts";

/** Three digits, as many as a run can be believed. */
const digits = (value: number) => Number(value.toPrecision(3)).toLocaleString("en", { maximumFractionDigits: 3 });
const times = ({ median, low, high }: Spread) =>
  low === high ? `${median.toFixed(2)} ×` : `${median.toFixed(2)} × (${low.toFixed(2)} to ${high.toFixed(2)})`;

/** A table in Markdown, its columns as wide as their longest cell. */
function markdownTable([head = [], ...body]: string[][]): string {
  const widths = head.map((_, column) => Math.max(3, ...[head, ...body].map((row) => row[column]?.length ?? 0)));
  const line = (row: string[]) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  return [line(head), `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`, ...body.map(line)].join("\n");
}

function tableOf({ columns, rows }: GroupResult): string {
  return markdownTable([
    ["", ...Object.values(columns), "ratio"],
    ...rows.map(({ name, values, ratio }) => [
      name,
      ...Object.keys(columns).map((metric) => digits(values[metric] ?? 0)),
      times(ratio),
    ]),
  ]);
}

/** How noisy a group's rounds were. */
function noiseOf({ control, isTrusted }: GroupResult): string {
  if (!control) return "Nothing here is timed: it is the same each time.";
  const found = `The baseline against itself: ${times(control)}.`;
  const warning = "**That is too far from 1: the machine was busy, and these ratios cannot be trusted.**";
  return isTrusted ? found : `${found} ${warning}`;
}

function targetTable(targets: readonly TargetResult[]): string {
  const table = markdownTable([
    ["row", "against", "at the most", "measured", "reached"],
    ...targets.map(({ row, against, most, ratio, isReached }) => [
      row,
      against,
      `${most} ×`,
      times(ratio),
      isReached ? "yes" : "no",
    ]),
  ]);
  const rests = targets.flatMap(({ row, rest, isReached }) => (rest && !isReached ? [`- ${row}: ${rest}.`] : []));
  return rests.length > 0 ? `${table}\n\nWhere the time goes that is not reached:\n\n${rests.join("\n")}` : table;
}

/** What a person at the terminal reads of one group, once it is measured. */
export function printed(result: GroupResult): string {
  return `\n${result.name}\n${tableOf(result)}\n${noiseOf(result)}`;
}

/** How what was measured stands to its targets; nothing where none was set. */
export function printedTargets(results: readonly GroupResult[]): string {
  const targets = targetsOf(results);
  return targets.length > 0 ? `\ntargets\n${targetTable(targets)}` : "";
}

/** The document of a whole run. */
export function documentOf(results: readonly GroupResult[], date: Date): string {
  const sections = results.map(
    (result) =>
      `## ${result.name[0]?.toUpperCase()}${result.name.slice(1)}\n\n${result.about}\n\n${tableOf(result)}\n\n${noiseOf(result)}`,
  );
  const versions = peerVersions().map(([name, version]) => `${name} ${version}`);
  return `# Benchmarks

Written by \`pnpm bench --write\` on ${date.toISOString().slice(0, 10)}; to repeat it:

\`\`\`sh
npx -y pnpm@12.21.0 bench                 # every table, in some minutes; --write makes this document of them
npx -y pnpm@12.21.0 bench --only loopback # the groups, or the rows, whose name holds this
npx -y pnpm@12.21.0 bench --json          # every sample
\`\`\`

Machine: ${machineClass()}.

Each row is measured in many short rounds, each round in another order, and compared with the baseline (the first row) of the same round. A ratio
is the median of those, with the middle half of them in brackets, and is of CPU time where there is any, because the time on the wall is mostly
other programs'. Every baseline is measured twice, as itself and as a row of its own: what that ratio is off 1, the others may be too. Nothing is
sent beyond loopback.

## Targets

${targetTable(targetsOf(results))}

${sections.join("\n\n")}

## Versions

${versions.join(", ")}.
`;
}
