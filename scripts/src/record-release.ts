import { recordRelease } from "./spec-changeset/record.ts";
import { ROOT, runCommand } from "./workspace.ts";

/** The second half of `pnpm release:version`: what is about to be released is written down, for the next changes to be judged by. */
await runCommand(async () => {
  const written = recordRelease(ROOT);
  console.log(written.length > 0 ? `recorded ${written.join(", ")}` : "no version was raised");
});
