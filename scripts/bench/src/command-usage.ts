import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { runProcess } from "../../src/release/run-process.ts";
import { temporaryFolder } from "../../src/release/temporary-folder.ts";

/** What a command took, in milliseconds, and what it printed. */
export interface CommandUsage {
  /** Of all the processes of Node's it consists of, their starts included. */
  readonly cpu: number;
  readonly wall: number;
  readonly output: string;
}

/** Runs a program with Node and measures it and whatever it starts. Throws a `UsageError` where it fails. */
export async function commandUsage(program: string, args: readonly string[], cwd: string): Promise<CommandUsage> {
  const file = join(temporaryFolder("usage"), "usage.txt");
  const reporter = new URL("report-usage.mjs", import.meta.url).href;
  const env = { ...process.env, NODE_OPTIONS: `--import=${reporter}`, NODE_NO_WARNINGS: "1", USAGE_FILE: file };
  const startedAt = performance.now();
  const output = await runProcess(process.execPath, [program, ...args], { cwd, env });
  const wall = performance.now() - startedAt;
  const spent = existsSync(file) ? readFileSync(file, "utf8").trim().split("\n").map(Number) : [];
  return { cpu: spent.reduce((sum, ms) => sum + ms, 0), wall, output };
}
