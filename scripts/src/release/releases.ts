import { randomUUID } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { publishedFolders } from "../spec-changeset/record.ts";
import { readManifest } from "../workspace.ts";
import type { Registry } from "./registry.ts";
import type { Sandbox } from "./sandbox.ts";

export type Bump = "major" | "minor" | "patch";

/** The packages of a workspace that are published, by name. */
export function publishedNames(root: string): string[] {
  return publishedFolders(root).map((folder) => readManifest(join(root, "packages", folder)).name);
}

/** What a person writes who wants a release. */
export function addChangeset(root: string, bumps: Record<string, Bump>, text: string): void {
  const lines = Object.entries(bumps).map(([name, bump]) => `"${name}": ${bump}`);
  writeFileSync(join(root, ".changeset", `${randomUUID()}.md`), `---\n${lines.join("\n")}\n---\n\n${text}\n`);
}

/** What the release workflow runs, job by job: versions, the gate if it is asked for, then tarballs and their publication. */
export async function release(sandbox: Sandbox, registry: Registry, { isTested = false } = {}): Promise<void> {
  const { root, pnpm } = sandbox;
  writeFileSync(join(root, ".npmrc"), registry.npmrc);
  await raiseVersions(sandbox);
  if (isTested) await pnpm("test");
  await publish(sandbox);
}

/** Consumes the changesets, as merging "Version Packages" does. */
export async function raiseVersions({ pnpm, git }: Sandbox): Promise<void> {
  await pnpm("release:version");
  await git("add", "--all");
  await git("commit", "--quiet", "--message", "Version Packages");
}

/** Publishes what the registry lacks, after an interruption the rest; then tags the commit with each version. */
export async function publish(sandbox: Sandbox, ...options: string[]): Promise<void> {
  rmSync(join(sandbox.root, "packed"), { recursive: true, force: true });
  await sandbox.pnpm("release:pack");
  await sandbox.pnpm("release:publish", ...options);
  await sandbox.pnpm("exec", "changeset", "git-tag");
}

/** The version that users install of every package, behind the dist-tag `latest`; `–` where there is none. */
export async function latestVersions(registry: Registry, names: readonly string[]): Promise<Map<string, string>> {
  const versions = await Promise.all(names.map(async (name) => (await registry.distTags(name))["latest"] ?? "–"));
  return new Map(names.map((name, index) => [name, versions[index] as string]));
}
