import type { GroupResult } from "./result.ts";
import type { Spread } from "./statistics.ts";

/** Three digits, as many as a run can be believed. */
const digits = (value: number) => Number(value.toPrecision(3)).toLocaleString("en", { maximumFractionDigits: 3 });
const times = ({ median, low, high }: Spread) => `${median.toFixed(2)} × (${low.toFixed(2)} to ${high.toFixed(2)})`;

/** A group's table in Markdown. */
export function tableOf({ columns, rows }: GroupResult): string {
  const cells = [
    ["", ...Object.values(columns), "ratio"],
    ...rows.map(({ name, values, ratio }) => [
      name,
      ...Object.keys(columns).map((metric) => digits(values[metric] ?? 0)),
      times(ratio),
    ]),
  ];
  const widths = cells[0]?.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0))) ?? [];
  const line = (row: string[]) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const [head = [], ...body] = cells;
  return [line(head), `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`, ...body.map(line)].join("\n");
}

/** How noisy a group's rounds were. */
export function noiseOf({ control, isTrusted }: GroupResult): string {
  if (!control) return "";
  const found = `The baseline against itself: ${times(control)}.`;
  return isTrusted
    ? found
    : `${found} **That is too far from 1: the machine was busy, and the ratios cannot be trusted.**`;
}

export function printed(result: GroupResult): string {
  return `\n${result.name}\n${tableOf(result)}\n${noiseOf(result)}`;
}
