import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Writes files, whose contents are all known, beneath a root: all of them or, when one cannot be written, none. */
export function placeAll(root: string, files: ReadonlyMap<string, string>): void {
  const undo: (() => void)[] = [];
  // An interruption waits for the last file.
  const wait = () => undefined;
  process.on("SIGINT", wait).on("SIGTERM", wait);
  try {
    for (const [file, text] of files) {
      const path = join(root, file);
      const before = existsSync(path) ? readFileSync(path, "utf8") : undefined;
      const created = mkdirSync(dirname(path), { recursive: true });
      undo.push(() => {
        if (before === undefined) rmSync(created ?? path, { recursive: true, force: true });
        else writeFileSync(path, before);
      });
      writeFileSync(`${path}.tmp`, text);
      renameSync(`${path}.tmp`, path);
    }
  } catch (error) {
    for (const each of undo.reverse()) each();
    throw error;
  } finally {
    process.off("SIGINT", wait).off("SIGTERM", wait);
  }
}
