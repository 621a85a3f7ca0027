import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { placeAll } from "./new-vendor/place.ts";
import { withoutVendor } from "./new-vendor/workspace-files.ts";
import { settle } from "./settle.ts";
import { pendingChangesets, withoutPackage } from "./spec-changeset/pending.ts";
import { recordFile } from "./spec-changeset/record.ts";
import { releasedSpec } from "./spec-diff/documents.ts";
import { clientFolders, ROOT, runCommand, SCOPE, specNames, UsageError } from "./workspace.ts";

/** Takes a vendor out of a workspace; returns what to print. Throws {@link UsageError} for a name that is no vendor's. */
export function removeVendor(root: string, name: string): string {
  const names = [...new Set([...specNames(root), ...clientFolders(root)])].sort();
  if (!names.includes(name))
    throw new UsageError(`[remove-vendor] there is no vendor "${name}"; they are ${names.join(", ")}`);
  const packageName = `${SCOPE}/${name}`;
  // Changesets refuses to version anything while a changeset names a package that does not exist.
  const naming = pendingChangesets(root).filter(({ releases }) => packageName in releases);
  const edited = new Map<string, string>();
  const own = [`packages/${name}`, `specs/${name}.yaml`, releasedSpec(name), recordFile(name)];
  for (const changeset of naming) {
    const text = withoutPackage(changeset, packageName);
    if (text === undefined) own.push(changeset.file);
    else edited.set(changeset.file, text);
  }
  const present = own.filter((path) => existsSync(join(root, path)));
  placeAll(root, new Map([...withoutVendor(root, name), ...edited]));
  for (const path of present) rmSync(join(root, path), { recursive: true });
  const kept = [...edited.keys()].map((file) => `; ${file} no longer names ${packageName}`).join("");
  return `removed ${present.join(", ")}${kept}; versions already published stay until you run: npm deprecate`;
}

if (import.meta.main) {
  await runCommand(async () => {
    const [name = "", ...others] = process.argv.slice(2);
    if (name === "" || others.length > 0) throw new UsageError("pnpm remove-vendor <name>");
    console.log(removeVendor(ROOT, name));
    await settle();
  });
}
