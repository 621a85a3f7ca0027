import { writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { runProcess } from "../release/run-process.ts";
import { ROOT, UsageError } from "../workspace.ts";
import type { PublishedPackage } from "./packages.ts";

export const COMPILERS = ["5.4", "5.9", "6", "7"];
export const RESOLUTIONS = ["node16", "nodenext", "bundler"];

const RUNTIMES = join(ROOT, "scripts/runtimes/node_modules");

/** Writes the programs of a project, once for all compilers. */
export function writePrograms(project: string, packages: readonly PublishedPackage[]): void {
  for (const { name, typed } of packages) writeFileSync(join(project, `${basename(name)}.ts`), typed);
}

/** Checks every program with one compiler, declarations included. Throws a {@link UsageError} with what it finds. */
export async function compile(project: string, compiler: string, resolution: string): Promise<void> {
  const compilerOptions = {
    ...{ noEmit: true, strict: true, skipLibCheck: false, target: "es2022", types: ["node"] },
    module: resolution === "bundler" ? "esnext" : resolution,
    moduleResolution: resolution,
    lib: resolution === "bundler" ? ["ES2023", "DOM", "DOM.Iterable"] : ["ES2023"],
  };
  const config = join(project, `tsconfig.${compiler}-${resolution}.json`);
  writeFileSync(config, JSON.stringify({ compilerOptions, include: ["*.ts"] }));
  const tsc = join(RUNTIMES, `typescript-${compiler}/bin/tsc`);
  await runProcess(process.execPath, [tsc, "-p", config], { cwd: project }).catch((error: Error) => {
    throw new UsageError(`TypeScript ${compiler}, ${resolution}: ${error.message}`);
  });
}
