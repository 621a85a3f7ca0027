import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folders: string[] = [];

/** A new folder that goes with the process, also when somebody interrupts it. */
export function temporaryFolder(purpose: string): string {
  if (folders.length === 0) {
    process.once("exit", () => {
      for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    });
    const interrupted = () => process.exit(130);
    process.once("SIGINT", interrupted).once("SIGTERM", interrupted);
  }
  const folder = mkdtempSync(join(tmpdir(), `${purpose}-`));
  folders.push(folder);
  return folder;
}
