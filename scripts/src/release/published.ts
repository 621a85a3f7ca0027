import { copyFileSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { findPackageJSON } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Manifest, ROOT, readManifest, SCOPE } from "../workspace.ts";
import { runProcess } from "./run-process.ts";
import { expectedFiles } from "./tarball.ts";

const COMPILER = join(ROOT, "node_modules/typescript/bin/tsc");

/**
 * Puts packages of this workspace into a folder's `node_modules` as their users get them: compiled, with the manifest of the
 * registry and what they depend on. Throws a {@link UsageError} for what does not compile.
 */
export async function installPublished(folder: string, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const source = join(ROOT, "packages", name);
    const installed = join(folder, "node_modules", SCOPE, name);
    mkdirSync(installed, { recursive: true });
    await runProcess(process.execPath, [COMPILER, "-p", join(source, "src"), "--outDir", join(installed, "dist")], {
      cwd: folder,
    });
    for (const file of expectedFiles(source).filter((each) => existsSync(join(source, each)) && !/^dist/.test(each))) {
      mkdirSync(dirname(join(installed, file)), { recursive: true });
      copyFileSync(join(source, file), join(installed, file));
    }
    const manifest = readManifest(source) as Manifest & { publishConfig: object; dependencies?: object };
    writeFileSync(join(installed, "package.json"), JSON.stringify({ ...manifest, ...manifest.publishConfig }));
    for (const dependency of Object.keys(manifest.dependencies ?? {})) link(folder, dependency, source);
  }
}

/** Makes a dependency of one package one of a folder's, unless it is ours or there already. */
export function link(folder: string, name: string, of: string): void {
  const to = join(folder, "node_modules", name);
  if (name.startsWith(SCOPE) || existsSync(to)) return;
  const manifest = findPackageJSON(name, pathToFileURL(join(of, "package.json")));
  if (!manifest) return;
  mkdirSync(dirname(to), { recursive: true });
  symlinkSync(dirname(manifest), to);
}
