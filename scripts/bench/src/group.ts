/** What one round of one row measured, by metric. */
export type Sample = Readonly<Record<string, number>>;

/** One measured thing. */
export interface Row {
  readonly name: string;
  /** Makes it ready and answers what measures one round of it. */
  prepare(): Measure | Promise<Measure>;
}

export type Measure = () => Sample | Promise<Sample>;

/** Things that are measured together, each against the first. */
export interface Group {
  readonly name: string;
  /** What is measured and how, for the reader of the table. */
  readonly about: string;
  /** The headings of the columns, by metric. Ratios are of the first. */
  readonly columns: Readonly<Record<string, string>>;
  /** The first is the baseline. */
  readonly rows: readonly Row[];
  /** How often each row is measured in one process; once where the same is found each time, and no control is needed then. */
  readonly rounds: number;
  /** So many fresh processes measure one after another; without it, this one does. */
  readonly processes?: number;
}

/** The rounds of each row, by name; the rounds with one index were measured next to each other. */
export type Samples = Record<string, Sample[]>;

/** The baseline measured once more as if it were something else: how far it is from 1 is the noise. */
export const CONTROL = "the baseline again";

/** The rows of a group with these names, the baseline always among them, and the control where there is one. */
export function chosenRows({ rows, rounds }: Group, names: readonly string[]): Row[] {
  const [baseline] = rows;
  if (!baseline) return [];
  const chosen = rows.filter((row) => row === baseline || names.includes(row.name));
  return rounds > 1 ? [...chosen, { ...baseline, name: CONTROL }] : chosen;
}
