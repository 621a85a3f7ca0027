import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { build } from "esbuild";
import { runProcess } from "../release/run-process.ts";
import { ROOT, UsageError } from "../workspace.ts";
import { fetchFromWorker } from "./workerd.ts";

/** Where the runtimes are: a package of their own, because their commands would hide the workspace's. */
const RUNTIMES = join(ROOT, "scripts/runtimes");

/** A runtime consumers use, and how it runs a program: a body that has the package as `library`. */
export interface Runtime {
  name: string;
  run(project: string, packageName: string, body: string): Promise<void>;
}

const HELPERS = 'import { prove } from "./exercise.mjs";';
const imported = (name: string, body: string) => `import * as library from "${name}";\n${HELPERS}\n${body}\n`;
const required = (name: string, body: string) =>
  `const library = require("${name}");\nimport("./exercise.mjs").then(async ({ prove }) => {\n${body}\n});\n`;

/** Writes a program into a project, under a name no other has, and runs it there. */
function command(name: string, program: (name: string, body: string) => string, ...words: string[]): Runtime {
  return {
    name,
    async run(project, packageName, body) {
      const extension = program === required ? "cjs" : "mjs";
      const entry = `${basename(packageName)}-${name.replaceAll(" ", "-")}.${extension}`;
      writeFileSync(join(project, entry), program(packageName, body));
      const [executable = "", ...args] = words;
      if (!existsSync(executable)) throw new UsageError(`${name} is not installed; run pnpm install`);
      await runProcess(executable, [...args, entry], { cwd: project });
    },
  };
}

const nodes = ["22", "24", "26"].flatMap((major) => {
  const node = join(RUNTIMES, `node_modules/node-${major}/bin/node`);
  return [command(`node ${major} import`, imported, node), command(`node ${major} require`, required, node)];
});

const workerd: Runtime = {
  name: "workerd",
  async run(project, packageName, body) {
    const folder = join(project, `${basename(packageName)}-workerd`);
    mkdirSync(folder, { recursive: true });
    const worker = `const worker = { async fetch() { try { ${body}; return new Response("done"); } catch (error) { return new Response(String(error.stack), { status: 500 }); } } };
export { worker as default };`;
    await build({
      stdin: { contents: imported(packageName, worker), resolveDir: project },
      outfile: join(folder, "worker.js"),
      ...{ bundle: true, format: "esm", platform: "neutral", logLevel: "silent" },
    });
    const { default: binary } = createRequire(join(RUNTIMES, "package.json"))("workerd") as { default: string };
    const answer = await fetchFromWorker(binary, folder);
    if (answer !== "done") throw new UsageError(`workerd answered ${answer}`);
  },
};

const deno = [join(RUNTIMES, "node_modules/.bin/deno"), "run", "--quiet", "--allow-all", "--node-modules-dir=manual"];

export const runtimes: Runtime[] = [
  ...nodes,
  command("bun", imported, join(RUNTIMES, "node_modules/.bin/bun")),
  command("deno", imported, ...deno),
  workerd,
];
