import { join } from "node:path";
import { MockError } from "@org/mock-servers";
import { runCommand as runMocks } from "@org/mock-servers/command";
import { ROOT, runCommand, specNames, UsageError } from "./workspace.ts";

/** `pnpm mock [package…] [options]`: the mock-servers command on the workspace's own specs; all of them, if none is named. */
await runCommand(async () => {
  const known = specNames(ROOT);
  const specsOf = (given: readonly string[]) =>
    (given.length > 0 ? given : known).map((each) => {
      const name = each.replace(/^@[^/]+\//, "");
      return known.includes(name) ? join(ROOT, "specs", `${name}.yaml`) : each;
    });
  await runMocks(process.argv.slice(2), (line) => console.log(line), specsOf).catch((error: unknown) => {
    throw error instanceof MockError ? new UsageError(error.message.replaceAll(`${ROOT}/`, "")) : error;
  });
});
