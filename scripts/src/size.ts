import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { link } from "./release/published.ts";
import { runProcess } from "./release/run-process.ts";
import { temporaryFolder } from "./release/temporary-folder.ts";
import { packageFolders, ROOT, readManifest, runCommand, UsageError } from "./workspace.ts";

/** A bundle as size-limit measures it, in bytes minified and compressed. */
interface Bundle {
  readonly name: string;
  readonly passed: boolean;
  readonly size: number;
  readonly sizeLimit: number;
}

/** The sizes of a base revision, or the reason why there are none. */
type Base = { readonly label: string; readonly bundles: readonly Bundle[] } | { readonly missing: string };

/** What a bundle is made of: a change of these alone is a change of sizes. */
const BUNDLED = ["package.json", ":(glob)packages/*/src/**"];

/**
 * Measures the bundles of a workspace, and what changed since a revision: by default HEAD if the working tree differs from it, or else the commit
 * before. Returns what to print. Throws {@link UsageError} with the same if a bundle is over its limit, and for a `base` that git does not know.
 */
export async function sizeReport(root: string, base?: string): Promise<string> {
  const bundles = await measure(root);
  const report = table(bundles, await baseOf(root, base));
  const tooLarge = bundles.filter(({ passed }) => !passed).map(({ name }) => name);
  if (tooLarge.length === 0) return report;
  throw new UsageError(
    `${report}\n[size] over the limit: ${tooLarge.join(", ")}; make it smaller, or raise its limit in package.json`,
  );
}

/** Runs size-limit in a folder: it ends with 1 if a bundle is over its limit, and prints its findings all the same. */
function measure(root: string, ...options: string[]): Promise<Bundle[]> {
  const args = [join(ROOT, "node_modules/size-limit/bin.js"), "--json", ...options];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { cwd: root }, (_, stdout, stderr) => {
      try {
        resolve(JSON.parse(stdout) as Bundle[]);
      } catch {
        reject(new UsageError(`[size] size-limit failed:\n${stdout}${stderr}`));
      }
    });
  });
}

async function baseOf(root: string, wanted: string | undefined): Promise<Base> {
  const git = (...args: string[]) => runProcess("git", args, { cwd: root });
  const prefix = await git("rev-parse", "--show-prefix").catch(() => "outside");
  if (prefix.trim() !== "") return { missing: "this folder is not a git checkout" };
  const isChanged = (await git("status", "--porcelain", "--", ...BUNDLED)) !== "";
  const revision = wanted ?? (isChanged ? "HEAD" : "HEAD^");
  const commit = await git("rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`).catch(
    () => "",
  );
  if (commit === "" && wanted !== undefined) throw new UsageError(`[size] git knows no commit ${wanted}`);
  if (commit === "") return { missing: `git has no ${revision} here, as in a shallow clone` };
  const label = `${revision} (${commit.slice(0, 7)})`;
  try {
    return { label, bundles: await measure(await layOut(root, commit.trim()), "--ignore-missing") };
  } catch (error) {
    const isMissing = (error as { code?: unknown }).code === "ERR_MODULE_NOT_FOUND";
    if (!(error instanceof UsageError) && !isMissing) throw error;
    return { missing: `${label} cannot be bundled with what is installed now` };
  }
}

/** The tree of a commit in a folder of its own, to be measured by today's limits. */
async function layOut(root: string, commit: string): Promise<string> {
  const folder = temporaryFolder("size");
  const archive = join(temporaryFolder("size-archive"), "tree.tar");
  await runProcess("git", ["archive", `--output=${archive}`, commit], { cwd: root });
  await runProcess("tar", ["-xf", archive], { cwd: folder });
  writeFileSync(join(folder, "package.json"), readFileSync(join(root, "package.json")));
  linkDependencies(folder);
  return folder;
}

/** Gives a copy of this workspace what is installed here, but its own packages from the copy. */
export function linkDependencies(copy: string): void {
  symlinkSync(join(ROOT, "node_modules"), join(copy, "node_modules"), "junction");
  const folders = packageFolders(copy).map((name) => join(copy, "packages", name));
  // By the names they have there: the copy may be of before another scope was set.
  const own = new Map(folders.map((folder) => [readManifest(folder).name, folder]));
  for (const folder of folders) {
    const { dependencies = {} } = readManifest(folder) as { dependencies?: object };
    for (const dependency of Object.keys(dependencies)) {
      const target = own.get(dependency);
      if (!target) {
        link(folder, dependency, join(ROOT, "packages", basename(folder)));
        continue;
      }
      const to = join(folder, "node_modules", dependency);
      mkdirSync(dirname(to), { recursive: true });
      symlinkSync(target, to, "junction");
    }
  }
}

function table(bundles: readonly Bundle[], base: Base): string {
  const number = (value: number) => value.toLocaleString("en");
  const changeOf = ({ name, size }: Bundle): string => {
    if ("missing" in base) return "–";
    const before = base.bundles.find((each) => each.name === name)?.size;
    if (before === undefined) return "new";
    return size === before ? "0" : `${size > before ? "+" : "−"}${number(Math.abs(size - before))}`;
  };
  const rows = [
    ["bundle", "bytes", "change", "limit"],
    ...bundles.map((bundle) => [bundle.name, number(bundle.size), changeOf(bundle), number(bundle.sizeLimit)]),
  ];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  const lines = rows.map(([name = "", ...numbers]) =>
    [name.padEnd(widths[0] ?? 0), ...numbers.map((text, index) => text.padStart(widths[index + 1] ?? 0))].join("  "),
  );
  const since = "missing" in base ? `no change is shown: ${base.missing}` : `change since ${base.label}`;
  return [...lines, `minified and compressed; ${since}`].join("\n");
}

if (import.meta.main) {
  await runCommand(async () => {
    const { values } = parseArgs({ options: { base: { type: "string" } } });
    console.log(await sizeReport(ROOT, values.base));
  });
}
