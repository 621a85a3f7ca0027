import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import type ts from "typescript";
import { type Manifest, packageFolders, readManifest } from "../../workspace.ts";
import { createSurfaceProgram, type Surface } from "./program.ts";

/** The files of a package's sources, by path from `src`. */
export function sourceFiles(folder: string): string[] {
  return readdirSync(join(folder, "src"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(join(folder, "src"), join(parentPath, name)).replaceAll("\\", "/"))
    .sort();
}

/** The surfaces of the workspace's packages as their sources are, by package name. */
export function currentSurfaces(root: string): Map<string, Surface> {
  const surfaces = new Map<string, Surface>();
  for (const name of packageFolders(root)) {
    const folder = join(root, "packages", name);
    const manifest = readManifest(folder);
    const files = sourceFiles(folder).filter((file) => file.endsWith(".ts"));
    surfaces.set(manifest.name, {
      files: new Map(files.map((file) => [file, readFileSync(join(folder, "src", file), "utf8")])),
      entries: entriesOf(manifest, sourceFiles(folder)),
      folder,
      dependencies: surfaces,
    });
  }
  return surfaces;
}

/** What each subpath of the manifest's `exports` leads to, patterns written out. */
function entriesOf({ exports = {} }: Manifest, files: readonly string[]): Record<string, string> {
  const targets = Object.entries(exports as Record<string, string>).map(([subpath, target]) => [
    subpath,
    target.replace(/^\.\/src\//, ""),
  ]) as [string, string][];
  const entries = targets.flatMap(([subpath, target]) => {
    const [before = "", after] = target.split("*");
    if (after === undefined) return [[subpath, target]];
    return files
      .filter((file) => file.startsWith(before) && file.endsWith(after))
      .map((file) => [subpath.replace("*", file.slice(before.length, file.length - after.length)), file]);
  });
  return Object.fromEntries(entries);
}

/** Surfaces as declarations alone, which is what users install: they can be kept, and judged without the sources. */
export function declarationsOf(surfaces: readonly Surface[]): Declarations[] {
  const { program, fileOf } = createSurfaceProgram(surfaces);
  const declared = (file: string) => file.replace(/\.ts$/, ".d.ts");
  return surfaces.map((surface) => {
    const files: Record<string, string> = {};
    for (const file of surface.files.keys()) {
      const write: ts.WriteFileCallback = (_, text) => {
        files[declared(file)] = text;
      };
      program.emit(fileOf(surface, file), write, undefined, true);
    }
    const entries = Object.entries(surface.entries).map(([subpath, file]) => [subpath, declared(file)]);
    return { entries: Object.fromEntries(entries), files };
  });
}

export interface Declarations {
  readonly entries: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, string>>;
}
