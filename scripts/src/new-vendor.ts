import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { pascalCase } from "./emit/names.ts";
import { emitPackage } from "./emit/package-files.ts";
import { lintSpecs } from "./lint/run-redocly.ts";
import { derive } from "./new-vendor/derive.ts";
import { Draft } from "./new-vendor/draft.ts";
import { packageFiles } from "./new-vendor/package-files.ts";
import { placeAll } from "./new-vendor/place.ts";
import { readSource } from "./new-vendor/read-source.ts";
import { withVendor } from "./new-vendor/workspace-files.ts";
import { settle } from "./settle.ts";
import { lineOf, pointerKeys, SpecError } from "./spec/document.ts";
import { modelOf } from "./spec/model.ts";
import { packageFolders, ROOT, runCommand, SCOPE, specNames, UsageError } from "./workspace.ts";

const USAGE = "pnpm new-vendor <name> --spec <file> [--fix]";

export interface NewVendor {
  name: string;
  /** The vendor's document: OpenAPI 3.x or Swagger 2.0, YAML or JSON. */
  spec: string;
  /** Whether to add what follows from the rest of the document. */
  fix?: boolean;
}

/**
 * Makes a client package from a document; returns what to print. Throws {@link UsageError}, having written nothing, for a name that
 * cannot be and for a document that lacks something, which it names with its line.
 */
export async function newVendor(root: string, { name, spec, fix = false }: NewVendor): Promise<string> {
  checkName(root, name);
  const source = await readSource(spec);
  const draft = new Draft(source.text);
  if ((draft.document.servers ?? []).length === 0)
    throw new UsageError(
      `[new-vendor] ${spec} has no servers; add servers: [{ url: https://… }], which requests go to`,
    );
  derive(draft, name);
  const added = draft.describe(spec, source.original);
  const problems = await problemsOf(root, name, draft.text);
  if (problems.length > 0 || (added.length > 0 && !fix)) {
    const derivable = added.length > 0 && !fix ? ["What can be derived, and --fix adds:", ...added] : [];
    const places = problems.map(({ pointer, message }) => `${spec}:${lineOf(source.original, pointer)} ${message}`);
    const byHand = problems.length > 0 ? ["What only you can say:", ...places] : [];
    throw new UsageError([...derivable, ...byHand, "[new-vendor] nothing was written"].join("\n"));
  }
  const { notes } = source;
  const file = join("specs", `${name}.yaml`);
  const title = draft.document.info.title.trim();
  const model = modelOf(draft.document);
  const packageName = `${SCOPE}/${name}`;
  const generated = emitPackage({ name, packageName, text: draft.text, document: draft.document });
  const own = packageFiles({ name, title, model });
  const origin = [
    `\`${basename(spec)}\`${notes.map((note) => `, ${note}`).join("")} [P]`,
    ...added.map((line) => `${line.replace(/^\S+ /, "")} [I]`),
  ];
  const within = (files: ReadonlyMap<string, string>, folder: string) =>
    [...files].map(([path, content]) => [join("packages", name, folder, path), content] as const);
  placeAll(
    root,
    new Map([
      ...within(generated, "src/generated"),
      ...within(own, ""),
      [file, draft.text],
      [
        `.changeset/new-${name}.md`,
        `---\n"${packageName}": major\n---\n\nFirst release: a typed client of ${title}.\n`,
      ],
      ...withVendor(root, { name, title, origin, operations: model.operations.length }),
    ]),
  );
  return [
    ...notes,
    ...added,
    `wrote ${file}, packages/${name} and a changeset; review what was added, then: pnpm test`,
  ].join("\n");
}

function checkName(root: string, name: string): void {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) || name.length > 100)
    throw new UsageError(`[new-vendor] "${name}" is no name for a package, such as acme-auth: ${USAGE}`);
  if (specNames(root).includes(name))
    throw new UsageError(
      `[new-vendor] the name ${name} is taken; choose another, or first: pnpm remove-vendor ${name}`,
    );
  if (existsSync(join(root, "packages", name)))
    throw new UsageError(`[new-vendor] the name ${name} is taken by packages/${name}; choose another`);
  const twin = packageFolders(root).find((folder) => pascalCase(folder) === pascalCase(name));
  if (twin) throw new UsageError(`[new-vendor] ${name} would export the names of packages/${twin}; choose another`);
}

/** What the linter and the generator would refuse, each with its place. */
async function problemsOf(root: string, name: string, text: string): Promise<{ pointer: string[]; message: string }[]> {
  const cache = join(root, "scripts/.cache");
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, "new-vendor-"));
  try {
    const file = `${name}.yaml`;
    await writeFile(join(folder, file), text);
    const problems = (await lintSpecs([file], folder)).filter(({ severity }) => severity === "error");
    if (problems.length > 0)
      return problems.map(({ pointer = "", rule, message }) => ({
        pointer: pointerKeys(pointer.replace(/^#/, "")),
        message: `${rule}: ${message}`,
      }));
    const { document } = new Draft(text);
    emitPackage({ name, packageName: `${SCOPE}/${name}`, text, document });
    return [];
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    return [{ pointer: error.pointer.map(String), message: error.message }];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

if (import.meta.main) {
  await runCommand(async () => {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { spec: { type: "string" }, fix: { type: "boolean", default: false } },
    });
    const [name = "", ...others] = positionals;
    if (others.length > 0 || values.spec === undefined) throw new UsageError(USAGE);
    // pnpm runs scripts at the root, wherever they were typed.
    process.chdir(process.env["INIT_CWD"] ?? process.cwd());
    console.log(await newVendor(ROOT, { name, spec: values.spec, fix: values.fix }));
    await settle();
  });
}
