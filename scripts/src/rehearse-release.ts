import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { publishedPackages } from "./consumers/packages.ts";
import { createProject } from "./consumers/projects.ts";
import { runtimes } from "./consumers/runtimes.ts";
import { type Registry, startRegistry } from "./release/registry.ts";
import { addChangeset, latestVersions, publish, publishedNames, release } from "./release/releases.ts";
import { createSandbox, type Sandbox } from "./release/sandbox.ts";
import { temporaryFolder } from "./release/temporary-folder.ts";
import { clientFolders, readManifest, runCommand, UsageError } from "./workspace.ts";

/** How many packages reach the registry before the rehearsed interruption. */
const PUBLISHED_BEFORE_FAILURE = 2;

/** `pnpm release:rehearse`: the release workflow's own commands, in a copy of the repository, against a real registry. */
await runCommand(async () => {
  await using registry = await startRegistry();
  const sandbox = await createSandbox();
  const names = publishedNames(sandbox.root);
  const nameOf = (folder: string) => readManifest(join(sandbox.root, "packages", folder)).name;
  const clients = clientFolders(sandbox.root).map(nameOf);
  const [vendor = ""] = clientFolders(sandbox.root);
  const runtime = nameOf("auth-runtime");

  /** Runs a step, prints what moved, and refuses that anything else did. */
  let before = await latestVersions(registry, names);
  const step = async (title: string, expected: readonly string[], work: () => Promise<unknown>) => {
    const startedAt = performance.now();
    await work();
    const after = await latestVersions(registry, names);
    const moved = names.filter((name) => before.get(name) !== after.get(name));
    console.log(`${title} (${((performance.now() - startedAt) / 1000).toFixed(1)} s)`);
    for (const name of names) {
      const change = moved.includes(name) ? `${before.get(name)} → ${after.get(name)}` : after.get(name);
      console.log(`  ${name.padEnd(22)} ${change}`);
    }
    if (moved.sort().join() !== [...expected].sort().join())
      throw new UsageError(`${title}: ${moved.join(", ") || "nothing"} moved; expected ${expected.join(", ")}`);
    before = after;
  };

  await step("first release, the registry gone half-way, then run again", names, () =>
    interruptedRelease(sandbox, registry, names),
  );
  await step("the same release once more", [], () => publish(sandbox));
  await step(`a change of ${vendor} alone`, [nameOf(vendor)], async () => {
    const spec = join(sandbox.root, "specs", `${vendor}.yaml`);
    writeFileSync(spec, readFileSync(spec, "utf8").replace(/^( *title: .*)$/m, "$1 (rehearsed)"));
    await sandbox.pnpm("spec:changeset");
    await release(sandbox, registry);
  });
  await installAndRun(nameOf(vendor), registry);
  await step("a patch of the runtime, which every client's range already takes", [runtime], () => {
    addChangeset(sandbox.root, { [runtime]: "patch" }, "A mistake is mended.");
    return release(sandbox, registry);
  });
  await step("a major of the runtime, which no client's range takes", [runtime, ...clients], async () => {
    addChangeset(sandbox.root, { [runtime]: "major" }, "A member is gone.");
    // The clients export the runtime's types, so their changesets follow.
    await sandbox.pnpm("spec:changeset");
    await release(sandbox, registry);
  });
});

async function interruptedRelease(sandbox: Sandbox, registry: Registry, names: readonly string[]): Promise<void> {
  registry.failAfter(PUBLISHED_BEFORE_FAILURE);
  const error: unknown = await release(sandbox, registry).catch((thrown: unknown) => thrown);
  const there = [...(await latestVersions(registry, names)).values()].filter((version) => version !== "–").length;
  if (!(error instanceof UsageError) || there !== PUBLISHED_BEFORE_FAILURE)
    throw new UsageError(`the interrupted release published ${there} packages and ended with ${error}`);
  registry.failAfter(Number.POSITIVE_INFINITY);
  await publish(sandbox);
}

/** What was just published, from the registry, in an empty project. */
async function installAndRun(name: string, registry: Registry): Promise<void> {
  await using published = await publishedPackages();
  const project = await createProject(temporaryFolder("consumer"), "npm", [name], registry);
  const { version } = readManifest(join(project, "node_modules", name));
  const latest = (await registry.versions(name)).at(-1);
  if (version !== latest) throw new UsageError(`${version} was installed where ${latest} was published`);
  const { body = "" } = published.packages.find((each) => each.name === name) ?? {};
  await runtimes[0]?.run(project, name, body);
  console.log(`${name} ${version} installed from the registry and run`);
}
