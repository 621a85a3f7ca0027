import { readdirSync, realpathSync } from "node:fs";
import { findPackageJSON } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { readManifest } from "../workspace.ts";

/** What the sources of a package become once it is built, beside what every package ships. */
export function expectedFiles(folder: string): string[] {
  const { files } = readManifest(folder) as unknown as { files: string[] };
  const modules = readdirSync(join(folder, "src"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => `dist/${file.replaceAll("\\", "/").replace(/\.ts$/, "")}`);
  return [
    ...["LICENSE", "README.md", "package.json"],
    ...files.filter((file) => file !== "dist"),
    ...modules.flatMap((module) => [`${module}.js`, `${module}.d.ts`]),
  ];
}

/** What of a tarball should not be there, and what is not. */
export function wrongFiles(packed: readonly string[], expected: readonly string[]): string[] {
  return [
    ...packed
      .filter((file) => !expected.includes(file))
      .map((file) => `${file} is in the tarball, and nothing makes it`),
    ...expected.filter((file) => !packed.includes(file)).map((file) => `${file} is not in the tarball`),
  ];
}

/** The packages that are installed with a package, itself not counted. */
export function installedWith(folder: string): Set<string> {
  const found = new Set<string>();
  const visit = (from: string) => {
    const { dependencies = {} } = readManifest(from) as { dependencies?: Record<string, string> };
    for (const name of Object.keys(dependencies)) {
      if (found.has(name)) continue;
      found.add(name);
      const manifest = findPackageJSON(name, pathToFileURL(join(realpathSync(from), "package.json")));
      if (manifest) visit(dirname(manifest));
    }
  };
  visit(folder);
  return found;
}
