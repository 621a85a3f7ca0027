import { join } from "node:path";
import { COMPILERS, compile, RESOLUTIONS, writePrograms } from "./consumers/compilers.ts";
import { Matrix } from "./consumers/matrix.ts";
import { publishedPackages } from "./consumers/packages.ts";
import { createProject, installers } from "./consumers/projects.ts";
import { runtimes } from "./consumers/runtimes.ts";
import { inParallel } from "./in-parallel.ts";
import { startRegistry } from "./release/registry.ts";
import { release } from "./release/releases.ts";
import { createSandbox } from "./release/sandbox.ts";
import { temporaryFolder } from "./release/temporary-folder.ts";
import { runCommand, UsageError } from "./workspace.ts";

/** `pnpm test:consumers`: what is published, installed from a registry, type-checked and run wherever its users are. */
await runCommand(async () => {
  const folder = temporaryFolder("consumers");
  const runs = new Matrix();
  const types = new Matrix();
  await using registry = await startRegistry();
  const sandbox = await createSandbox();
  await release(sandbox, registry);
  await using published = await publishedPackages();
  const { packages } = published;
  const names = packages.map(({ name }) => name);
  for (const installer of Object.keys(installers)) {
    const project = await createProject(join(folder, installer), installer, names, registry);
    // One package's runs share a mock, so they follow each other.
    await inParallel(packages, async ({ name, body, except, reset }) => {
      for (const runtime of runtimes) {
        const row = `${name} (${installer})`;
        if (except.test(runtime.name)) runs.set(row, runtime.name, "–");
        else {
          reset();
          await runs.try(row, runtime.name, () => runtime.run(project, name, body));
        }
      }
    });
    writePrograms(project, packages);
    const checks = COMPILERS.flatMap((compiler) => RESOLUTIONS.map((resolution) => [compiler, resolution] as const));
    await inParallel(checks, ([compiler, resolution]) =>
      types.try(`TypeScript ${compiler} (${installer})`, resolution, () => compile(project, compiler, resolution)),
    );
  }
  console.log(`${runs}\n\n${types}\n`);
  const failures = [...runs.failures, ...types.failures];
  if (failures.length > 0) throw new UsageError(failures.join("\n\n"));
  console.log(`${runs.size} runs and ${types.size} type checks succeeded`);
});
