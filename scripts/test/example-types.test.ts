import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { type Operation, operationsOf, readDocument } from "@org/mock-servers/examples";
import { afterAll, expect, test } from "vitest";
import { pascalCase } from "../src/emit/names.ts";
import { generate } from "../src/generate.ts";
import { ROOT, specNames } from "../src/workspace.ts";
import { createWorkspace, fictionalSpecs } from "./workspace.ts";

const { root, remove } = createWorkspace(fictionalSpecs);
afterAll(remove);

/** TypeScript that compiles only if every example has the type a caller of its operation sees. */
function checksOf(operation: Operation): { lines: string[]; examples: number } {
  const { operationId } = operation;
  const id = JSON.stringify(operationId);
  const examples = Object.entries(operation.responses).flatMap(([status, { content = {} }]) =>
    Object.values(content).flatMap(({ examples = {} }) =>
      Object.values(examples).map(({ value }) => ({ status, value })),
    ),
  );
  const lines = examples.map(({ status, value }) => {
    const literal = JSON.stringify(value);
    if (status.startsWith("2")) return `documented<Result<${id}>>()(${literal});`;
    const condition =
      status === "default"
        ? `error.code === "http_error" && error.status === 418`
        : `error.status === ${status.replaceAll("X", "0")}`;
    return `if (error.operationId === ${id} && ${condition}) documented<typeof error.body>()(${literal});`;
  });
  return { lines, examples: examples.length };
}

function sourceOf(name: string, entry: string, lines: string[]): string {
  const type = pascalCase(name);
  return `import type { ${type}, ${type}Error } from "${entry}";
type Result<Id extends keyof ${type}> = ${type}[Id] extends (...input: never[]) => Promise<infer R> ? R : never;
// A documented body is neither any nor unknown, which would take every example.
// A body without members is \`void\`, because it may be missing; where it comes, it is an object.
declare function documented<T>(): (example: unknown extends T ? never : void extends T ? object : T) => void;
declare const error: ${type}Error;
${lines.join("\n")}
`;
}

async function compile(folder: string): Promise<string> {
  const config = {
    extends: relative(folder, join(ROOT, "tsconfig.base.json")),
    compilerOptions: { noEmit: true, rootDir: relative(folder, ROOT) },
    files: ["checks.ts"],
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
  const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
  return new Promise((resolve) => {
    execFile(process.execPath, [tsc, "-p", folder], { maxBuffer: 2 ** 26 }, (_, stdout, stderr) =>
      resolve(stdout + stderr),
    );
  });
}

test("every named example of every spec, fictional ones included, has the type its operation returns or throws", async () => {
  await generate(root);
  const specs = [
    ...specNames(ROOT).map((name) => ({ name, workspace: ROOT })),
    ...Object.keys(fictionalSpecs).map((name) => ({ name, workspace: root })),
  ];
  let examples = 0;
  const files: string[] = [];
  for (const { name, workspace } of specs) {
    const document = await readDocument(join(workspace, "specs", `${name}.yaml`));
    const checks = operationsOf(document).map(checksOf);
    examples += checks.reduce((sum, check) => sum + check.examples, 0);
    const entry = relative(root, join(workspace, "packages", name, "src/index.ts"));
    writeFileSync(
      join(root, `${name}.ts`),
      sourceOf(
        name,
        entry.startsWith(".") ? entry : `./${entry}`,
        checks.flatMap(({ lines }) => lines),
      ),
    );
    files.push(name);
  }
  writeFileSync(join(root, "checks.ts"), files.map((name) => `import "./${name}.ts";\n`).join(""));
  expect(await compile(root)).toBe("");
  expect(examples).toBeGreaterThan(files.length * 2);

  // The check itself: an example of another type does not compile.
  writeFileSync(
    join(root, "checks.ts"),
    sourceOf("klavi-auth", relative(root, join(ROOT, "packages/klavi-auth/src/index.ts")), [
      'documented<Result<"createAccessToken">>()({ accessToken: 1 });',
    ]),
  );
  expect(await compile(root)).toContain("TS2");
});
