import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { runChild } from "../child.ts";
import { type Entry, entries, installedHome, openapiFetch } from "../entries.ts";
import type { Group, Sample } from "../group.ts";
import { installedFolders, sizeOf } from "../installed.ts";

const all = [openapiFetch, ...entries];

async function bundled({ packages, imports }: Entry, home: string): Promise<number> {
  const perPackage = imports.length / packages.length;
  const contents = packages
    .map(
      (name, index) =>
        `export { ${imports.slice(index * perPackage, (index + 1) * perPackage).join()} } from "${name}";`,
    )
    .join("\n");
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: home },
    ...{ bundle: true, minify: true, write: false, format: "esm", platform: "node", logLevel: "silent" },
  });
  return gzipSync(outputFiles[0]?.contents ?? "", { level: 9 }).length / 1000;
}

/** What a package costs whoever ships or installs it. */
export const sizes: Group = {
  name: "sizes",
  about:
    "Bundled by esbuild for Node with everything it needs, minified and gzipped; and what its installation brings, itself and all dependencies counted. " +
    "Ours are measured as they are published. openapi-fetch alone is part of the measure, because ours are called as it is.",
  columns: { bundle: "bundle kB", installed: "installed kB", packages: "packages" },
  rows: all.map((entry) => ({
    name: entry.name,
    prepare: () => async (): Promise<Sample> => {
      const home = await installedHome();
      const folders = [...installedFolders(home, entry.packages)];
      const bytes = folders.map(sizeOf).reduce((sum, size) => sum + size, 0);
      return { bundle: await bundled(entry, home), installed: bytes / 1000, packages: folders.length };
    },
  })),
  rounds: 1,
};

/** What a process pays before its first line. */
export const importTimes: Group = {
  name: "import time",
  about: "One `import()` in a fresh process. Of ours what is published is imported.",
  columns: { cpu: "CPU ms", wall: "wall ms" },
  rows: all.map((entry) => ({
    name: entry.name,
    prepare: () => async (): Promise<Sample> => {
      // What is imported is looked for from where the program lies.
      const program = join(await installedHome(), "import-time.mjs");
      copyFileSync(new URL("../import-time.mjs", import.meta.url), program);
      return runChild<Sample>(program, { args: entry.packages });
    },
  })),
  rounds: 15,
};
