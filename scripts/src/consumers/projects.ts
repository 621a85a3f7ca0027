import { readFileSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { stripTypeScriptTypes } from "node:module";
import { join } from "node:path";
import type { Registry } from "../release/registry.ts";
import { runProcess } from "../release/run-process.ts";
import { pnpmCommand } from "../release/sandbox.ts";
import { ROOT, readManifest } from "../workspace.ts";

/** What makes a project's `node_modules`, by its name, as its users call it. */
export const installers: Record<string, readonly string[]> = {
  npm: ["npm", "install", "--no-audit", "--no-fund"],
  pnpm: [...pnpmCommand(), "install", "--ignore-scripts"],
  bun: [join(ROOT, "scripts/runtimes/node_modules/.bin/bun"), "install"],
};

/** An empty project with some packages installed from the registry; answers its folder. */
export async function createProject(
  folder: string,
  installer: string,
  names: readonly string[],
  registry: Registry,
): Promise<string> {
  await mkdir(folder, { recursive: true });
  const { devDependencies } = readManifest(ROOT) as unknown as { devDependencies: Record<string, string> };
  const dependencies = Object.fromEntries(names.map((name) => [name, "latest"]));
  const manifest = {
    ...{ name: "consumer", type: "module", dependencies },
    devDependencies: { "@types/node": devDependencies["@types/node"] },
  };
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  writeFileSync(join(folder, ".npmrc"), registry.npmrc);
  // Not part of the workspace, wherever the folder lies.
  writeFileSync(join(folder, "pnpm-workspace.yaml"), "packages: []\n");
  const exercise = readFileSync(join(ROOT, "scripts/src/exercise.ts"), "utf8");
  writeFileSync(join(folder, "exercise.mjs"), stripTypeScriptTypes(exercise));
  const [command = "", ...args] = installers[installer] ?? [];
  await runProcess(command, args, { cwd: folder });
  return folder;
}
