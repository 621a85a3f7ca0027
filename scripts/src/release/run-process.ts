import { execFile } from "node:child_process";
import { UsageError } from "../workspace.ts";

export interface ProcessOptions {
  cwd: string;
  env?: NodeJS.ProcessEnv;
}

/** What a command prints, on either stream. Throws a {@link UsageError} with all of it where the command fails. */
export function runProcess(command: string, args: readonly string[], options: ProcessOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(command, [...args], { maxBuffer: 2 ** 26, ...options }, (error, stdout, stderr) => {
      if (!error) return resolve(stdout + stderr);
      reject(new UsageError(`${[command, ...args].join(" ")} failed:\n${stdout}${stderr || error.message}`));
    });
  });
}
