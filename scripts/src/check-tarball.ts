import { statSync } from "node:fs";
import { join } from "node:path";
import { runProcess } from "./release/run-process.ts";
import { pnpmCommand } from "./release/sandbox.ts";
import { expectedFiles, installedWith, wrongFiles } from "./release/tarball.ts";
import { temporaryFolder } from "./release/temporary-folder.ts";
import { clientFolders, ROOT, readManifest, runCommand, UsageError } from "./workspace.ts";

/** What a client may install beside the runtime: what the runtime itself needs. */
const MOST_DEPENDENCIES = 2;

/** `pnpm tarball`, in a package: what it ships is what its sources make, and its types are found wherever they are asked for. */
await runCommand(async () => {
  const folder = process.cwd();
  const tarball = join(temporaryFolder("tarball"), "package.tgz");
  const [command, ...first] = pnpmCommand();
  const output = await runProcess(command, [...first, "pack", "--json", "--out", tarball], { cwd: folder });
  const { files } = JSON.parse(output.slice(output.indexOf("{"), output.lastIndexOf("}") + 1)) as {
    files: { path: string }[];
  };
  const packed = files.map(({ path }) => path);
  const findings = wrongFiles(packed, expectedFiles(folder));
  if (findings.length > 0) throw new UsageError(`${findings.join("\n")}\nDelete dist/ and build again.`);

  const { name, dependencies = {} } = readManifest(folder) as { name: string; dependencies?: object };
  const installed = installedWith(folder).size;
  if (clientFolders(ROOT).some((client) => folder.endsWith(client))) {
    const most = MOST_DEPENDENCIES + Object.keys(dependencies).length;
    if (installed > most) throw new UsageError(`${name} brings ${installed} packages along; ${most} are enough`);
  }
  const tool = (bin: string, ...args: string[]) =>
    runProcess(join(ROOT, "scripts/node_modules/.bin", bin), args, { cwd: folder });
  await tool("publint", tarball, "--strict");
  await tool("attw", tarball, "--profile", "esm-only", "--exclude-entrypoints", "./openapi.yaml");
  console.log(
    `${name}: ${packed.length} files, ${statSync(tarball).size} bytes, ${installed} packages installed with it`,
  );
});
