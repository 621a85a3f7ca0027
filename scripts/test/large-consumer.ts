import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { generate } from "../src/generate.ts";
import { installPublished, link } from "../src/release/published.ts";
import { ROOT } from "../src/workspace.ts";
import { largeSpec } from "./large-spec.ts";
import { createWorkspace } from "./workspace.ts";

const SCRIPTS = join(ROOT, "scripts");

/** A program that calls every operation of a generated client, against the runtime's published declarations. */
export async function createConsumer(operations: number): Promise<{ root: string; remove: () => void }> {
  const workspace = createWorkspace({ large: largeSpec(operations) });
  const { root } = workspace;
  await generate(root);
  await installPublished(root, ["auth-runtime"]);
  link(root, "@types/node", ROOT);
  const calls = Array.from({ length: operations - 1 }, (_, index) => index + 1).map(
    (index) =>
      `export const id${index}: string = (await large.getThing${index}({ thingId: "1", expand: "parts" })).id;`,
  );
  writeProgram(
    root,
    "consumer",
    `import { createLarge, isLargeError } from "../packages/large/src/index.ts";
const large = createLarge({ user: "someone", password: "example-password" });
${calls.join("\n")}
try {
  await large.getToken();
} catch (error) {
  if (isLargeError(error) && error.operationId === "createSession" && error.status === 401) error.body.reason.trim();
}
`,
  );
  return workspace;
}

/** Writes a program and a project of its own for it. */
export function writeProgram(root: string, name: string, text: string): void {
  mkdirSync(join(root, name));
  writeFileSync(join(root, name, "user.ts"), text);
  const compilerOptions = {
    ...{ noEmit: true, strict: true, skipLibCheck: true, target: "es2022", types: ["node"] },
    ...{ module: "esnext", moduleResolution: "bundler", lib: ["ES2023", "DOM", "DOM.Iterable"] },
    allowImportingTsExtensions: true,
  };
  writeFileSync(join(root, name, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["user.ts"] }));
}

/** The compiler that most users have, which counts what it does the same way each time. */
export const COMPILER = join(SCRIPTS, "node_modules/typescript/bin/tsc");

/** A figure of the compiler's own report, such as `Instantiations`. */
export function figureOf(report: string, name: string): number {
  const [, figure] = new RegExp(`^${name}: +([\\d.]+)s?$`, "m").exec(report) ?? [];
  if (figure === undefined) throw new Error(`the compiler says nothing of ${name}:\n${report}`);
  return Number(figure);
}
