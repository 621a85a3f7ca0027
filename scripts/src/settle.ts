import { runProcess } from "./release/run-process.ts";
import { pnpmCommand } from "./release/sandbox.ts";
import { ROOT, UsageError } from "./workspace.ts";

const STEPS = [["install", "--no-frozen-lockfile", "--prefer-offline"], ["format"], ["generate"]];

/** After packages came, went or changed their names: dependencies are linked, and files look as the others do. Throws {@link UsageError}. */
export async function settle(): Promise<void> {
  const [command, ...first] = pnpmCommand();
  for (const args of STEPS)
    await runProcess(command, [...first, ...args], { cwd: ROOT }).catch((error: Error) => {
      throw new UsageError(
        `${error.message}\nAll files are written. Once that is mended: pnpm install && pnpm format && pnpm generate`,
      );
    });
}
