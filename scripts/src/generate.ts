import { existsSync, readFileSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { parseArgs } from "node:util";
import { emitDocument, emitPackage, type SpecSource } from "./emit/package-files.ts";
import { lintReadable, printProblem, type ReadSpec, readSpec } from "./lint/run-redocly.ts";
import { lineOf, type OpenApiDocument, SpecError } from "./spec/document.ts";
import { clientFolders, ROOT, readManifest, runCommand, specNames, UsageError } from "./workspace.ts";

/** A file of a generated folder and its text; `undefined` text means that the file should not be there. */
interface Change {
  file: string;
  text: string | undefined;
  reason: "missing" | "different" | "extra";
}

async function pendingChanges(root: string): Promise<Change[]> {
  const names = specNames(root);
  checkPairs(names, clientFolders(root));
  const read = await Promise.all(names.map((name) => readSpec(join("specs", `${name}.yaml`), root)));
  const readable = read.filter(({ problems }) => problems.length === 0);
  const [complaints, emitted] = await Promise.all([
    lintReadable(
      readable.filter((spec) => !wasGeneratedFrom(root, spec)).map(({ file }) => file),
      root,
    ),
    readable.map((spec) => emit(root, spec)),
  ]);
  const problems = [...read.flatMap((spec) => spec.problems), ...complaints];
  const findings = [
    ...problems.filter(({ severity }) => severity === "error").map(printProblem),
    // A spec the linter has complaints about is named by those, which say more.
    ...emitted.flatMap(({ error, file }) =>
      error && !problems.some((found) => found.file === file && found.severity === "error") ? error : [],
    ),
  ];
  if (findings.length > 0)
    throw new UsageError(`${findings.join("\n")}\n[generate] nothing was written; mend the spec and run it again`);
  const changes = await Promise.all(emitted.map(({ folder, files }) => compare(folder, files)));
  return changes.flat();
}

const generatedFolder = (root: string, name: string) => join(root, "packages", name, "src", "generated");

/** Whether this very text was generated from before, and so was linted then; `pnpm test` lints every spec. */
function wasGeneratedFrom(root: string, { file, text }: ReadSpec): boolean {
  const name = basename(file, ".yaml");
  const copy = join(generatedFolder(root, name), "openapi.yaml");
  return existsSync(copy) && readFileSync(copy, "utf8") === emitDocument(name, text);
}

interface Emitted {
  file: string;
  folder: string;
  files: Map<string, string>;
  error?: string;
}

function checkPairs(specs: string[], folders: string[]): void {
  const orphans = [
    ...specs
      .filter((name) => !folders.includes(name))
      .map((name) => `specs/${name}.yaml has no package; add packages/${name} or remove the spec`),
    ...folders
      .filter((name) => !specs.includes(name))
      .map((name) => `packages/${name} has no spec; add specs/${name}.yaml or remove the package`),
  ];
  if (orphans.length > 0) throw new UsageError(orphans.map((line) => `[generate] ${line}`).join("\n"));
}

function emit(root: string, { file, text, document }: ReadSpec): Emitted {
  const name = basename(file, ".yaml");
  const folder = generatedFolder(root, name);
  try {
    const packageName = readManifest(join(root, "packages", name)).name;
    const source: SpecSource = { name, packageName, text, document: document as OpenApiDocument };
    return { file, folder, files: emitPackage(source) };
  } catch (error) {
    const line = error instanceof SpecError ? lineOf(text, error.pointer) : 1;
    const message = error instanceof Error ? error.message : String(error);
    return { file, folder, files: new Map(), error: `${file}:${line} error generate: ${message}` };
  }
}

async function compare(folder: string, files: Map<string, string>): Promise<Change[]> {
  const present = existsSync(folder) ? await readdir(folder, { recursive: true }) : [];
  const changes = await Promise.all(
    [...files].map(async ([name, text]): Promise<Change[]> => {
      const file = join(folder, name);
      if (!present.includes(name)) return [{ file, text, reason: "missing" }];
      return (await readFile(file, "utf8")) === text ? [] : [{ file, text, reason: "different" }];
    }),
  );
  const extra = present
    .filter((name) => !files.has(name))
    .map((name): Change => ({ file: join(folder, name), text: undefined, reason: "extra" }));
  return [...changes.flat(), ...extra];
}

async function apply({ file, text }: Change): Promise<void> {
  if (text === undefined) return rm(file, { recursive: true, force: true });
  await mkdir(join(file, ".."), { recursive: true });
  await writeFile(`${file}.tmp`, text);
  await rename(`${file}.tmp`, file);
}

/**
 * Brings every package's `src/generated/` in line with its spec, or with `check` only compares; returns what to print.
 * Throws {@link UsageError} for a spec that cannot be generated from, having written nothing, and for any difference under `check`.
 */
export async function generate(root: string, { check = false } = {}): Promise<string> {
  const changes = await pendingChanges(root);
  if (changes.length === 0) return "generated code is up to date";
  const list = (what: (change: Change) => string) =>
    changes.map((change) => `${what(change).padEnd(9)} ${relative(root, change.file)}`).join("\n");
  if (check) {
    throw new UsageError(
      `${list(({ reason }) => reason)}\n[generate] generated code is not what the specs generate to; run: pnpm generate`,
    );
  }
  await Promise.all(changes.map(apply));
  return list(({ text }) => (text === undefined ? "removed" : "wrote"));
}

if (import.meta.main) {
  await runCommand(async () => {
    const { values } = parseArgs({ options: { check: { type: "boolean", default: false } } });
    console.log(await generate(ROOT, values));
  });
}
