import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { PackageUnderTest } from "@org/mock-servers/conformance";
import { pascalCase } from "../src/emit/names.ts";
import { runProcess } from "../src/release/run-process.ts";
import { sourceFiles } from "../src/release/sandbox.ts";
import { ROOT } from "../src/workspace.ts";

const SCRIPTS = fileURLToPath(new URL("..", import.meta.url));
export const VENDORS = join(SCRIPTS, "test", "vendors");

/** The fictional vendors, by name: their specs go through everything the real ones go through. */
export const fictionalSpecs: Record<string, string> = Object.fromEntries(
  readdirSync(VENDORS).map((file) => [file.replace(/\.yaml$/, ""), readFileSync(join(VENDORS, file), "utf8")]),
);

/** A document that is changed in ways no type of a document allows. */
export type AnyDocument = ReturnType<typeof JSON.parse>;

/** A workspace of specs and their packages, beside this one so that its packages resolve the runtime. */
export function createWorkspace(specs: Record<string, string>): { root: string; remove: () => void } {
  mkdirSync(join(SCRIPTS, ".cache"), { recursive: true });
  const root = mkdtempSync(join(SCRIPTS, ".cache", "workspace-"));
  mkdirSync(join(root, "specs"));
  mkdirSync(join(root, "packages"));
  for (const [name, text] of Object.entries(specs)) {
    writeFileSync(join(root, "specs", `${name}.yaml`), text);
    addPackage(root, name);
  }
  return { root, remove: () => rmSync(root, { recursive: true, force: true }) };
}

/** A package of the same shape as the real ones: klavi-auth's own files under another name. */
export function addPackage(root: string, name: string): void {
  const folder = join(root, "packages", name);
  mkdirSync(join(folder, "src"), { recursive: true });
  for (const file of ["package.json", "src/index.ts"]) {
    const text = readFileSync(join(ROOT, "packages/klavi-auth", file), "utf8");
    writeFileSync(join(folder, file), text.replaceAll("klavi-auth", name).replaceAll("KlaviAuth", pascalCase(name)));
  }
}

/** Runs a command of Changesets in a workspace, with this repository's settings. */
export function changesetsIn(root: string): (command: string) => Promise<string> {
  writeFileSync(join(root, "pnpm-workspace.yaml"), "packages:\n  - packages/*\n");
  mkdirSync(join(root, ".changeset"), { recursive: true });
  writeFileSync(join(root, ".changeset/config.json"), readFileSync(join(ROOT, ".changeset/config.json")));
  const bin = join(ROOT, "node_modules/@changesets/cli/bin.js");
  return (command) => runProcess(process.execPath, [bin, command], { cwd: root });
}

/** What the package of a workspace exports. */
export async function importPackage(root: string, name: string): Promise<PackageUnderTest> {
  const module = await import(pathToFileURL(join(root, "packages", name, "src/index.ts")).href);
  return { create: module[`create${pascalCase(name)}`], isError: module[`is${pascalCase(name)}Error`] };
}

export interface Outcome {
  code: number;
  output: string;
}

/** Runs a script of this package with Node, as its command does. */
export function run(script: string, ...args: string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    const options = { cwd: ROOT, maxBuffer: 2 ** 26 };
    execFile(process.execPath, [join(SCRIPTS, "src", script), ...args], options, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code ?? 1) : 0, output: stdout + stderr });
    });
  });
}

/** Every file below a folder with its text, but no dependencies: those are every workspace's, and whoever writes a snapshot back would write to them. */
export function snapshot(folder: string): Record<string, string> {
  return Object.fromEntries(
    sourceFiles(folder)
      .sort()
      .map((file) => [file, readFileSync(file, "utf8")]),
  );
}

/** A free port with a free one after it, below the range that systems give out by themselves. */
export async function freePort(): Promise<number> {
  const port = 20_000 + Math.floor(Math.random() * 12_000);
  const isFree = async (each: number) => {
    const server = createServer();
    const listening = new Promise<boolean>((resolve) => {
      server.once("error", () => resolve(false)).listen(each, "127.0.0.1", () => resolve(true));
    });
    const free = await listening;
    server.close();
    return free;
  };
  return (await isFree(port)) && (await isFree(port + 1)) ? port : freePort();
}
