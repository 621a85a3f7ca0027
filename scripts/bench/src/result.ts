import { runChild } from "./child.ts";
import { CONTROL, chosenRows, type Group, type Samples } from "./group.ts";
import { interleave } from "./rounds.ts";
import { type Spread, spreadOf } from "./statistics.ts";

export interface RowResult {
  readonly name: string;
  /** The median of each metric. */
  readonly values: Readonly<Record<string, number>>;
  /** Of the first metric, round by round, against the baseline of the same round. */
  readonly ratio: Spread;
}

export interface GroupResult {
  readonly name: string;
  readonly about: string;
  readonly columns: Readonly<Record<string, string>>;
  readonly rows: readonly RowResult[];
  /** The baseline against itself; `undefined` where nothing is noisy. */
  readonly control: Spread | undefined;
  /** Whether the control is near enough to 1 for the ratios to mean something. */
  readonly isTrusted: boolean;
  readonly samples: Samples;
}

/** A control outside of this says that the machine was too busy. */
const TRUSTED = { from: 0.95, to: 1.05 };

/** Measures the named rows of a group. */
export async function measure(group: Group, names: readonly string[]): Promise<GroupResult> {
  const rows = chosenRows(group, names);
  const samples = group.processes ? await inProcesses(group, names) : await interleave(rows, group.rounds);
  const [metric = ""] = Object.keys(group.columns);
  const baseline = rows[0]?.name ?? "";
  const results = rows.map(({ name }) => ({
    name,
    values: Object.fromEntries(
      Object.keys(group.columns).map((column) => [column, spreadOf(valuesOf(samples, name, column)).median]),
    ),
    ratio: ratioOf(samples, name, baseline, metric),
  }));
  const control = results.find(({ name }) => name === CONTROL)?.ratio;
  return {
    name: group.name,
    about: group.about,
    columns: group.columns,
    rows: results.filter(({ name }) => name !== CONTROL),
    control,
    isTrusted: !control || (control.median >= TRUSTED.from && control.median <= TRUSTED.to),
    samples,
  };
}

/** One row against another, round by round: what slowed the machine in one round slowed both. */
export function ratioOf(samples: Samples, name: string, against: string, metric: string): Spread {
  const others = valuesOf(samples, against, metric);
  return spreadOf(valuesOf(samples, name, metric).map((value, round) => value / (others[round] ?? Number.NaN)));
}

function valuesOf(samples: Samples, name: string, metric: string): number[] {
  return (samples[name] ?? []).map((sample) => sample[metric] ?? Number.NaN);
}

/** Measures a group in several fresh processes, because each compiles and places the same code a little differently. */
async function inProcesses({ name, processes = 1 }: Group, names: readonly string[]): Promise<Samples> {
  const all: Samples = {};
  for (let index = 0; index < processes; index++) {
    const samples = await runChild<Samples>(new URL("worker.ts", import.meta.url), {
      args: [name, ...names],
      // Code that is not used for a few collections would be thrown away, which no client deserves that waits for its turn.
      execArgv: ["--expose-gc", "--no-flush-bytecode"],
    });
    for (const [row, rounds] of Object.entries(samples)) all[row] = [...(all[row] ?? []), ...rounds];
  }
  return all;
}
