#!/usr/bin/env node
import { runCommand, USAGE } from "./entries/command.ts";
import { MockError } from "./errors.ts";

const args = process.argv.slice(2);
if (args.includes("--help") || args.includes("-h")) {
  console.log(USAGE);
} else {
  try {
    await runCommand(args, (line) => console.log(line));
  } catch (error) {
    if (!(error instanceof MockError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
