import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { releasedSpec } from "../spec-diff/documents.ts";
import { currentSurfaces, type Declarations, declarationsOf, sourceFiles } from "../spec-diff/surface/package.ts";
import type { Surface } from "../spec-diff/surface/program.ts";
import { clientFolders, type Manifest, packageFolders, readManifest } from "../workspace.ts";

/** A package as it was released: all that is needed to say what changed since, without git and without a registry. */
export interface ReleaseRecord extends Declarations {
  readonly version: string;
  /** Of everything that is published, so that a change is seen which alters no type. */
  readonly digest: string;
}

/** What a manifest says to those who install the package. */
const PUBLISHED_FIELDS = ["type", "exports", "bin", "files", "engines", "dependencies", "peerDependencies"];
/** The version of a package that was never released. */
const UNRELEASED = "0.0.0";

/** The folders of the packages that are published. */
export function publishedFolders(root: string): string[] {
  return packageFolders(root).filter((name) => !readManifest(join(root, "packages", name))["private"]);
}

/** What was released last of a package, `undefined` if nothing was. */
export function readRecord(root: string, name: string): ReleaseRecord | undefined {
  const file = join(root, recordFile(name));
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as ReleaseRecord) : undefined;
}

/** A package's digest as its sources are now. */
export function digestOf(root: string, name: string): string {
  const folder = join(root, "packages", name);
  const manifest: Manifest = readManifest(folder);
  const hash = createHash("sha256").update(JSON.stringify(PUBLISHED_FIELDS.map((field) => manifest[field])));
  for (const file of sourceFiles(folder)) {
    const text = readFileSync(join(folder, "src", file), "utf8");
    hash.update(JSON.stringify([file, text.replaceAll("\r\n", "\n")]));
  }
  return hash.digest("hex");
}

/** The surfaces as they were released, by package name; those of the others as they are. */
export function releasedSurfaces(root: string, current: ReadonlyMap<string, Surface>): Map<string, Surface> {
  const surfaces = new Map(current);
  for (const name of publishedFolders(root)) {
    const record = readRecord(root, name);
    if (!record) continue;
    const folder = join(root, "packages", name);
    const files = new Map(Object.entries(record.files));
    surfaces.set(readManifest(folder).name, { files, entries: record.entries, folder, dependencies: surfaces });
  }
  return surfaces;
}

/**
 * Writes down what is released: the spec, the declarations and a digest of every published package whose version is not
 * the recorded one, into `specs/released/`. To be called when versions have been raised, before anything else changes.
 *
 * @returns the files written, relative to the root; none where no version was raised, or none ever was
 */
export function recordRelease(root: string): string[] {
  const clients = clientFolders(root);
  const surfaces = currentSurfaces(root);
  const due = publishedFolders(root).filter((name) => isUnrecorded(root, name));
  if (due.length === 0) return [];
  const declarations = declarationsOf(
    due.map((name) => surfaces.get(readManifest(join(root, "packages", name)).name) as Surface),
  );
  mkdirSync(join(root, "specs", "released"), { recursive: true });
  return due.flatMap((name, index) => {
    const record = { version: versionOf(root, name), digest: digestOf(root, name), ...declarations[index] };
    writeFileSync(join(root, recordFile(name)), `${JSON.stringify(record, undefined, 2)}\n`);
    const written = [recordFile(name)];
    if (!clients.includes(name)) return written;
    writeFileSync(join(root, releasedSpec(name)), readFileSync(join(root, "specs", `${name}.yaml`)));
    return [...written, releasedSpec(name)];
  });
}

/** Whether a package's version was raised and not written down. */
export function isUnrecorded(root: string, name: string): boolean {
  return versionOf(root, name) !== (readRecord(root, name)?.version ?? UNRELEASED);
}

/** Where the record of a package's last release lies. */
export function recordFile(name: string): string {
  return join("specs", "released", `${name}.json`);
}

function versionOf(root: string, name: string): string {
  return String(readManifest(join(root, "packages", name))["version"]);
}
