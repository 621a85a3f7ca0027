import { parseArgs } from "node:util";
import { cellsOf, runCells, sampleOf } from "./fault-matrix/matrix.ts";
import { closingLine, countsByDoor, failuresByInvariant } from "./fault-matrix/report.ts";
import { readSubjects } from "./fault-matrix/subject.ts";
import { watched } from "./fault-matrix/watch.ts";
import { ROOT, runCommand, UsageError } from "./workspace.ts";

const HELP = `pnpm test:faults [options]: tries every fault behind every door of every client package.

  --only <text>         the faults whose name contains this; the fault of that name, if there is one
  --door <text>         the doors whose name begins with this, such as "exchange", "refresh", "operation", "fetch GET", "client"
  --client <text>       the packages whose name contains this
  --sample <number>     of each fault every so many doors
  --concurrency <number>  how many cells run at a time; default 16, and with 1 what is left behind is a cell's own
  --list                names the cells and runs none
  --all                 lists every failure
  --help                this`;

/** `pnpm test:faults`: the fault matrix. Ends with 1 unless every invariant holds in every cell. */
await runCommand(async () => {
  const { values } = parseArgs({
    options: {
      only: { type: "string" },
      door: { type: "string" },
      client: { type: "string" },
      sample: { type: "string", default: "1" },
      concurrency: { type: "string", default: "16" },
      list: { type: "boolean", default: false },
      all: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.log(HELP);
  const cells = sampleOf(cellsOf(await readSubjects(ROOT), values), countOf("sample", values.sample));
  if (cells.length === 0) throw new UsageError("[test:faults] there is no such cell; --list without more names all");
  if (values.list)
    return console.log(
      cells.map(({ subject, door, fault }) => `${subject.name} | ${door.name} | ${fault.name}`).join("\n"),
    );

  const startedAt = performance.now();
  const { results, problems } = await watched(() => runCells(cells, countOf("concurrency", values.concurrency)));
  console.log(countsByDoor(results));
  console.log(failuresByInvariant(results, values.all ? Number.POSITIVE_INFINITY : undefined));
  for (const problem of problems) console.log(problem);
  console.log(`${closingLine(results)} in ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
  if (problems.length > 0 || results.some(({ breaches }) => breaches.length > 0)) process.exitCode = 1;
});

function countOf(option: string, text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count > 0) return count;
  throw new UsageError(`[test:faults] --${option} has to be a whole number from 1`);
}
