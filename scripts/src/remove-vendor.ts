import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { placeAll } from "./new-vendor/place.ts";
import { withoutVendor } from "./new-vendor/workspace-files.ts";
import { settle } from "./settle.ts";
import { clientFolders, ROOT, runCommand, specNames, UsageError } from "./workspace.ts";

/** Takes a vendor out of a workspace; returns what to print. Throws {@link UsageError} for a name that is no vendor's. */
export function removeVendor(root: string, name: string): string {
  const names = [...new Set([...specNames(root), ...clientFolders(root)])].sort();
  if (!names.includes(name))
    throw new UsageError(`[remove-vendor] there is no vendor "${name}"; they are ${names.join(", ")}`);
  const own = [`packages/${name}`, `specs/${name}.yaml`, `specs/released/${name}.yaml`, `.changeset/new-${name}.md`];
  const present = own.filter((path) => existsSync(join(root, path)));
  placeAll(root, withoutVendor(root, name));
  for (const path of present) rmSync(join(root, path), { recursive: true });
  return `removed ${present.join(", ")}; versions already published stay until you run: npm deprecate`;
}

if (import.meta.main) {
  await runCommand(async () => {
    const [name = "", ...others] = process.argv.slice(2);
    if (name === "" || others.length > 0) throw new UsageError("pnpm remove-vendor <name>");
    console.log(removeVendor(ROOT, name));
    await settle();
  });
}
