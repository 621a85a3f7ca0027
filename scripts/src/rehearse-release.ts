import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { publishedPackages } from "./consumers/packages.ts";
import { createProject } from "./consumers/projects.ts";
import { runtimes } from "./consumers/runtimes.ts";
import { type Registry, startRegistry } from "./release/registry.ts";
import { addChangeset, latestVersions, publish, publishedNames, raiseVersions, release } from "./release/releases.ts";
import { createSandbox, type Sandbox } from "./release/sandbox.ts";
import { temporaryFolder } from "./release/temporary-folder.ts";
import { clientFolders, readManifest, runCommand, UsageError } from "./workspace.ts";

/** How many packages reach the registry before the rehearsed interruption. */
const PUBLISHED_BEFORE_FAILURE = 2;
/** The branch, and the dist-tag, that hotfixes of the first major are published from. */
const OLD_MAJOR = "release-1.x";

/** `pnpm release:rehearse`: the release workflow's own commands, in a copy of the repository, against a real registry. */
await runCommand(async () => {
  await using registry = await startRegistry();
  const sandbox = await createSandbox();
  const names = publishedNames(sandbox.root);
  const nameOf = (folder: string) => readManifest(join(sandbox.root, "packages", folder)).name;
  const clients = clientFolders(sandbox.root).map(nameOf);
  const [vendor = ""] = clientFolders(sandbox.root);
  const runtime = nameOf("auth-runtime");
  const client = nameOf(vendor);

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

  await step("first release with the gate, the registry gone half-way, then run again", names, () => {
    addChangeset(sandbox.root, { [runtime]: "minor", [client]: "minor" }, ofSeveralLines("Something is new."));
    return interruptedRelease(sandbox, registry, names);
  });
  await step("the same release once more", [], () => publish(sandbox));
  await step(`a change of ${vendor} alone`, [client], async () => {
    const spec = join(sandbox.root, "specs", `${vendor}.yaml`);
    writeFileSync(spec, readFileSync(spec, "utf8").replace(/^( *title: .*)$/m, "$1 (rehearsed)"));
    await sandbox.pnpm("spec:changeset");
    await release(sandbox, registry);
  });
  await installAndRun(client, registry);
  await step("a patch of the runtime, which every client's range already takes", [runtime], () => {
    addChangeset(sandbox.root, { [runtime]: "patch" }, ofSeveralLines("A mistake is mended."));
    return release(sandbox, registry);
  });
  const old = String(before.get(client));
  const major = "a major of the runtime with the gate, which no client's range takes";
  await step(major, [runtime, ...clients], async () => {
    addChangeset(sandbox.root, { [runtime]: "major" }, ofSeveralLines("A member is gone."));
    // The clients export the runtime's types, so their changesets follow.
    await sandbox.pnpm("spec:changeset");
    await release(sandbox, registry, { isTested: true });
  });
  await step(`a hotfix of ${client} ${old}, refused without a tag and published as ${OLD_MAJOR}`, [], () =>
    hotfix(sandbox, registry, client, old),
  );
  await step("the next release of main", [client], () => {
    addChangeset(sandbox.root, { [client]: "patch" }, ofSeveralLines("The same mistake is mended."));
    return release(sandbox, registry);
  });
});

/** A changeset as people write them: what becomes of it in a changelog has to pass the gate. */
function ofSeveralLines(sentence: string): string {
  return `${sentence}\n\n- one thing\n  - and a part of it\n\n- another thing:\n\n\`\`\`ts\nconst value = { a:1 }\n\`\`\``;
}

async function interruptedRelease(sandbox: Sandbox, registry: Registry, names: readonly string[]): Promise<void> {
  registry.failAfter(PUBLISHED_BEFORE_FAILURE);
  const error: unknown = await release(sandbox, registry, { isTested: true }).catch((thrown: unknown) => thrown);
  const there = [...(await latestVersions(registry, names)).values()].filter((version) => version !== "–").length;
  if (!(error instanceof UsageError) || there !== PUBLISHED_BEFORE_FAILURE)
    throw new UsageError(`the interrupted release published ${there} packages and ended with ${error}`);
  registry.failAfter(Number.POSITIVE_INFINITY);
  await publish(sandbox);
}

/** Follows docs/releasing.md from the tag of an old version; ends on main. */
async function hotfix(sandbox: Sandbox, registry: Registry, name: string, version: string): Promise<void> {
  const { root, git } = sandbox;
  const before = await registry.distTags(name);
  await git("checkout", "--quiet", "-b", OLD_MAJOR, `${name}@${version}`);
  addChangeset(root, { [name]: "patch" }, ofSeveralLines("A mistake of the old major is mended."));
  await raiseVersions(sandbox);
  const error: unknown = await publish(sandbox).catch((thrown: unknown) => thrown);
  if (!(error instanceof UsageError && error.message.includes(`would take "latest" back from ${before["latest"]}`)))
    throw new UsageError(`publishing without --tag was not refused: ${error}`);
  await expectDistTags(before);
  await publish(sandbox, "--tag", OLD_MAJOR);
  const { version: published } = readManifest(join(root, "packages", name.replace(/^.*\//, "")));
  await expectDistTags({ ...before, [OLD_MAJOR]: String(published) });
  await git("checkout", "--quiet", "main");

  async function expectDistTags(expected: Record<string, string>): Promise<void> {
    const actual = await registry.distTags(name);
    if (!isDeepStrictEqual(actual, expected))
      throw new UsageError(`the dist-tags are ${JSON.stringify(actual)}; expected ${JSON.stringify(expected)}`);
    console.log(`  dist-tags of ${name}: ${JSON.stringify(actual)}`);
  }
}

/** What was just published, from the registry, in an empty project. */
async function installAndRun(name: string, registry: Registry): Promise<void> {
  await using published = await publishedPackages();
  const project = await createProject(temporaryFolder("consumer"), "npm", [name], registry);
  const { version } = readManifest(join(project, "node_modules", name));
  const { latest } = await registry.distTags(name);
  if (version !== latest) throw new UsageError(`${version} was installed where ${latest} was published`);
  const { body = "" } = published.packages.find((each) => each.name === name) ?? {};
  await runtimes[0]?.run(project, name, body);
  console.log(`${name} ${version} installed from the registry and run`);
}
