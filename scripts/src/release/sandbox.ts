import { cpSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT, readManifest } from "../workspace.ts";
import { runProcess } from "./run-process.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** A copy of the repository with its dependencies, to be changed at will; gone when the process ends. */
export interface Sandbox {
  readonly root: string;
  /** Runs a command of the workspace, as `pnpm` does, and answers what it prints. */
  pnpm(...args: string[]): Promise<string>;
  git(...args: string[]): Promise<string>;
}

const NOT_SOURCE = /[\\/](node_modules|dist|\.turbo|\.cache|\.stryker-tmp|reports|packed|\.git)$/;

/** Whether a path is written by hand or committed, and not something that a command can make again. */
function isSource(path: string): boolean {
  return !NOT_SOURCE.test(path);
}

/** Every file of the workspace that somebody wrote or committed. */
export function sourceFiles(folder: string): string[] {
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .filter(isSource)
    .flatMap((path) => (statSync(path).isDirectory() ? sourceFiles(path) : [path]));
}

/** Copies the repository as it lies there, uncommitted edits included. */
export function copySources(to: string): void {
  cpSync(ROOT, to, { recursive: true, filter: isSource });
}

/** The workspace's pnpm, on any machine that has npm: the one that runs this, or else npx asks the registry for it each time. */
export function pnpmCommand(): [command: string, ...args: string[]] {
  const { devEngines } = readManifest(ROOT) as unknown as { devEngines: { packageManager: { version: string } } };
  const { version } = devEngines.packageManager;
  const isRunning = process.env["npm_config_user_agent"]?.startsWith(`pnpm/${version} `);
  return isRunning ? ["pnpm"] : ["npx", "-y", `pnpm@${version}`];
}

export async function createSandbox(): Promise<Sandbox> {
  const root = temporaryFolder("sandbox");
  const [command, ...first] = pnpmCommand();
  const env = { ...process.env, CI: "true", TURBO_TELEMETRY_DISABLED: "1" };
  const pnpm = (...args: string[]) => runProcess(command, [...first, ...args], { cwd: root, env });
  const git = (...args: string[]) => runProcess("git", args, { cwd: root });
  copySources(root);
  await git("init", "--quiet", "--initial-branch=main");
  await git("config", "user.name", "sandbox");
  await git("config", "user.email", "sandbox@localhost");
  // The registry's settings belong to no commit, and stay when another branch is checked out.
  writeFileSync(join(root, ".git/info/exclude"), ".npmrc\n");
  await git("add", "--all");
  await git("commit", "--quiet", "--message", "sandbox");
  await pnpm("install", "--frozen-lockfile", "--prefer-offline");
  return { root, pnpm, git };
}
