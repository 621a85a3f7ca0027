import { setTimeout as wait } from "node:timers/promises";
import type { CellResult } from "./cell.ts";
import { shown } from "./shown.ts";

const KINDS = /^(Timeout|Immediate|TCP|TTY|Pipe|FS|Process|Worker|DNS|GetAddr)/;
/** How long what is closing may take to be gone. */
const PATIENCE_MS = 5000;

/**
 * Runs cells, and tells what the process shows of them that it should not: rejections nobody handled, warnings, logged lines, and the
 * handles and timers that are there now and were not before.
 */
export async function watched(
  run: () => Promise<CellResult[]>,
  patienceMs = PATIENCE_MS,
): Promise<{ results: CellResult[]; problems: string[] }> {
  const problems: string[] = [];
  const before = handles();
  const unwatch = watch((problem) => void problems.push(problem));
  try {
    const results = await run();
    const until = performance.now() + patienceMs;
    while (performance.now() < until && beyond(before).length > 0) await wait(20);
    problems.push(...beyond(before).map((kind) => `left behind: ${kind}`));
    return { results, problems };
  } finally {
    unwatch();
  }
}

function watch(notice: (problem: string) => void): () => void {
  const onRejection = (reason: unknown) => notice(`a rejection nobody handled: ${shown(reason)}`);
  const onWarning = (warning: Error) => notice(`a warning: ${shown(warning)}`);
  process.on("unhandledRejection", onRejection);
  process.on("warning", onWarning);
  const methods = (["debug", "info", "log", "warn", "error"] as const).map((name) => [name, console[name]] as const);
  for (const [name] of methods)
    console[name] = (...line: unknown[]) => notice(`logged: ${line.map((each) => shown(each)).join(" ")}`);
  return () => {
    process.off("unhandledRejection", onRejection);
    process.off("warning", onWarning);
    for (const [name, method] of methods) console[name] = method;
  };
}

const handles = () => process.getActiveResourcesInfo().filter((kind) => KINDS.test(kind));

function beyond(before: readonly string[]): string[] {
  const known = [...before];
  return handles().filter((kind) => {
    const at = known.indexOf(kind);
    if (at >= 0) known.splice(at, 1);
    return at < 0;
  });
}
