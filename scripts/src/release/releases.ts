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

/** What the release workflow runs, job by job: versions, then tarballs, then their publication. */
export async function release({ root, pnpm }: Sandbox, registry: Registry): Promise<void> {
  writeFileSync(join(root, ".npmrc"), registry.npmrc);
  await pnpm("release:version");
  await publish({ root, pnpm });
}

/** Publishes what the registry lacks: after an interruption that is the rest. */
export async function publish({ root, pnpm }: Sandbox): Promise<void> {
  rmSync(join(root, "packed"), { recursive: true, force: true });
  await pnpm("release:pack");
  await pnpm("release:publish");
}

/** The newest version of every package in the registry; `–` where there is none. */
export async function latestVersions(registry: Registry, names: readonly string[]): Promise<Map<string, string>> {
  const versions = await Promise.all(names.map(async (name) => (await registry.versions(name)).at(-1) ?? "–"));
  return new Map(names.map((name, index) => [name, versions[index] as string]));
}
