import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's root. */
export const ROOT = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");

/** The npm scope everything here is published under, `@` included. */
export const SCOPE = readManifest(join(ROOT, "scripts")).name.split("/")[0] as string;

/** A mistake of the person at the command line: printed as one line, without a stack. */
export class UsageError extends Error {}

/** The specs' names, which are their packages' folders too. */
export function specNames(root: string): string[] {
  return readdirSync(join(root, "specs"))
    .filter((file) => file.endsWith(".yaml"))
    .map((file) => file.slice(0, -".yaml".length))
    .sort();
}

/** The specs with these names (`klavi-auth` or `@org/klavi-auth`), or all. Throws {@link UsageError} for an unknown one. */
export function chosenSpecs(root: string, names: readonly string[]): string[] {
  const known = specNames(root);
  const chosen = names.map((name) => name.replace(/^@[^/]+\//, ""));
  const unknown = chosen.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new UsageError(`there is no spec ${unknown}; the specs are ${known.join(", ")}`);
  return chosen.length > 0 ? chosen : known;
}

export interface Manifest {
  name: string;
  [member: string]: unknown;
}

export function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
}

export function packageFolders(root: string): string[] {
  return readdirSync(join(root, "packages"))
    .filter((folder) => existsSync(join(root, "packages", folder, "package.json")))
    .sort();
}

/** The folders of the client packages: those that ship the document they were generated from. */
export function clientFolders(root: string): string[] {
  return packageFolders(root).filter((folder) => {
    const { exports } = readManifest(join(root, "packages", folder)) as { exports?: object };
    return exports !== undefined && "./openapi.yaml" in exports;
  });
}

/** Runs a command's main function: a {@link UsageError} is one line and a failing exit code, anything else a stack. */
export async function runCommand(main: () => Promise<void>, failureCode = 1): Promise<void> {
  try {
    await main();
  } catch (error) {
    const isUsage =
      error instanceof UsageError || String((error as { code?: unknown }).code).startsWith("ERR_PARSE_ARGS");
    console.error(isUsage ? (error as Error).message : error);
    process.exitCode = failureCode;
  }
}
