import type { CellResult } from "./cell.ts";

/** How many breaches of an invariant are listed. */
const LISTED = 25;

/** How many cells ended in which way behind each door, as a table of text. */
export function countsByDoor(results: readonly CellResult[]): string {
  const byDoor = Map.groupBy(results, ({ cell }) => kindOf(cell.door.name));
  const lines = [...byDoor].map(([door, all]) => {
    const ends = [...Map.groupBy(all, ({ ended }) => ended)].sort(([, a], [, b]) => b.length - a.length);
    const counts = ends.map(([ended, { length }]) => `${length} ${ended}`).join(", ");
    return `${door.padEnd(26)}${String(all.length).padStart(6)}  ${counts}`;
  });
  return lines.join("\n");
}

/** `operation getAccount` is one of the operations. */
const kindOf = (door: string) => door.replace(/^(operation|client|fetch) .*/, "$1");

/** The cells that failed, by what was broken, each with the command that runs it again. */
export function failuresByInvariant(results: readonly CellResult[], limit = LISTED): string {
  const all = results.flatMap(({ cell, breaches }) => breaches.map((breach) => ({ ...breach, cell })));
  const groups = [...Map.groupBy(all, ({ invariant }) => invariant)];
  const lines = groups.flatMap(([invariant, broken]) => [
    `\n${invariant}: ${broken.length} cells`,
    ...broken.slice(0, limit).map(({ cell, detail }) => {
      const { subject, door, fault } = cell;
      const again = `--client ${subject.name} --door "${door.name}" --only "${fault.name}"`;
      return `  ${again}\n      ${detail.replaceAll(/\s+/g, " ").slice(0, 160)}`;
    }),
    ...(broken.length > limit ? [`  … and ${broken.length - limit} more; --all lists them`] : []),
  ]);
  return lines.join("\n");
}

/** The line a run ends with. */
export function closingLine(results: readonly CellResult[]): string {
  const failed = results.filter(({ breaches }) => breaches.length > 0).length;
  return `${results.length - failed} passed, ${failed} failed`;
}
