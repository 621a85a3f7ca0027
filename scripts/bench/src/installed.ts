import { readdirSync, realpathSync, statSync } from "node:fs";
import { findPackageJSON } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { readManifest } from "../../src/workspace.ts";

/** The folders of some packages and of everything they depend on, each once. */
export function installedFolders(home: string, names: readonly string[]): Set<string> {
  const found = new Set<string>();
  const visit = (from: string, name: string) => {
    const manifest = findPackageJSON(name, pathToFileURL(join(from, "package.json")));
    const folder = manifest && realpathSync(dirname(manifest));
    if (!folder || found.has(folder)) return;
    found.add(folder);
    const { dependencies = {} } = readManifest(folder) as { dependencies?: Record<string, string> };
    for (const dependency of Object.keys(dependencies)) visit(folder, dependency);
  };
  for (const name of names) visit(home, name);
  return found;
}

/** What the files of a package take, those of packages installed within it not counted. */
export function sizeOf(folder: string): number {
  const entries = readdirSync(folder, { withFileTypes: true }).filter(({ name }) => name !== "node_modules");
  const sizes = entries.map((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? sizeOf(path) : statSync(path).size;
  });
  return sizes.reduce((sum, size) => sum + size, 0);
}
