import { FAULTS } from "./catalogue.ts";
import { type Cell, type CellResult, runCell } from "./cell.ts";
import { doorsOf, isPossible } from "./doors.ts";
import type { Subject } from "./subject.ts";

/** Which cells are meant: those whose names contain these. */
export interface Selection {
  readonly only?: string | undefined;
  readonly door?: string | undefined;
  readonly client?: string | undefined;
}

/** Every cell there can be, fault by fault. */
export function cellsOf(subjects: readonly Subject[], { only, door, client = "" }: Selection = {}): Cell[] {
  const lanes = subjects
    .filter(({ name }) => name.includes(client))
    .flatMap((subject) => doorsOf(subject).map((each) => ({ subject, door: each })));
  const chosen = matching(
    lanes,
    ({ door: { name } }) => name,
    door,
    (name, text) => name.startsWith(text),
  );
  const faults = matching(
    FAULTS,
    ({ name }) => name,
    only,
    (name, text) => name.includes(text),
  );
  return faults.flatMap((fault) =>
    chosen.filter((lane) => isPossible(lane.subject, lane.door, fault)).map((lane) => ({ ...lane, fault })),
  );
}

/** Those of the very name, or else those whose name fits. */
function matching<T>(
  all: readonly T[],
  nameOf: (item: T) => string,
  text: string | undefined,
  fits: (name: string, text: string) => boolean,
): readonly T[] {
  if (text === undefined) return all;
  const same = all.filter((item) => nameOf(item) === text);
  return same.length > 0 ? same : all.filter((item) => fits(nameOf(item), text));
}

/**
 * A part of the cells that is always the same: of each fault every `stride`th door, beginning one door further with each fault, and at
 * least one of each fault.
 */
export function sampleOf(cells: readonly Cell[], stride: number): Cell[] {
  const byFault = Map.groupBy(cells, ({ fault }) => fault);
  return [...byFault.values()].flatMap((lanes, index) => {
    const first = index % Math.min(stride, lanes.length);
    return lanes.filter((_, lane) => lane % stride === first);
  });
}

/** Runs cells, several at a time. A cell that fails is tried again by itself: a busy machine makes calls late. */
export async function runCells(
  cells: readonly Cell[],
  concurrency: number,
  report: (result: CellResult) => void = () => undefined,
): Promise<CellResult[]> {
  const results: CellResult[] = [];
  const queue = cells.entries();
  const worker = async () => {
    for (const [index, cell] of queue) {
      results[index] = await runCell(cell);
      report(results[index]);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  for (const [index, { cell, breaches }] of results.entries())
    if (breaches.length > 0) results[index] = await runCell(cell);
  return results;
}
