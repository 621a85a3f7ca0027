import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packageFolders, ROOT, SCOPE } from "../src/workspace.ts";
import { freePort } from "./workspace.ts";

const mocks = join(ROOT, "packages/mock-servers");
const folder = join(ROOT, "scripts/.cache/recipes");
const readme = readFileSync(join(mocks, "README.md"), "utf8");
/** The examples of the README that are files, by their names. */
const files = new Map(
  [...readme.matchAll(/```ts\n\/\/ (\S+)\n([\s\S]*?)```/g)].map(([, name = "", text = ""]) => [name, text]),
);

const port = String(await freePort());
/** Nothing is changed but where the command is and which port is free. */
const own = (text: string) =>
  text.replace("npx @org/mock-servers", `${process.execPath} ${join(mocks, "src/cli.ts")}`).replaceAll("4010", port);

/** A project of a user: every package installed, and the examples as they stand in the README. */
beforeAll(async () => {
  mkdirSync(join(folder, "node_modules", SCOPE), { recursive: true });
  for (const name of packageFolders(ROOT))
    symlinkSync(join(ROOT, "packages", name), join(folder, "node_modules", SCOPE, name));
  const test = `node -e "fetch('http://127.0.0.1:4010/nowhere').then(({ status }) => console.log('answered', status))"`;
  writeFileSync(join(folder, "package.json"), own(JSON.stringify({ type: "module", scripts: { test } })));
  writeFileSync(join(folder, "vitest.config.ts"), "export default {};");
  for (const [name, text] of files) writeFileSync(join(folder, name), own(text));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const require = createRequire(import.meta.url);
const bin = (name: string, file: string) => join(require.resolve(`${name}/package.json`), "..", file);
function execute(...args: string[]): Promise<string> {
  const { NODE_OPTIONS: _, VITEST: __, ...env } = process.env;
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { cwd: folder, env }, (error, stdout, stderr) =>
      error ? reject(new Error(stdout + stderr)) : resolve(stdout),
    );
  });
}

describe("the recipes of the mock servers' README", () => {
  test("are these", () => {
    expect([...files.keys()]).toEqual([
      "guide.test.ts",
      "recipe.node.ts",
      "playwright.config.ts",
      "recipe.playwright.ts",
      "conformance.node.ts",
    ]);
  });

  test("compile", async () => {
    const compilerOptions = {
      target: "es2024",
      module: "nodenext",
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      exactOptionalPropertyTypes: true,
    };
    const options = {
      ...compilerOptions,
      allowImportingTsExtensions: true,
      types: ["node"],
      lib: ["ES2024", "ESNext", "DOM", "DOM.AsyncIterable"],
    };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions: options, include: ["*.ts"] }));
    expect(await execute(join(ROOT, "node_modules/typescript/bin/tsc"), "-p", folder).catch(String)).toBe("");
  }, 60_000);

  test("the guide, from a cold token to a revoked one, in under 40 lines", async () => {
    expect(files.get("guide.test.ts")?.trim().split("\n").length).toBeLessThan(40);
    const output = await execute(bin("vitest", "vitest.mjs"), "run", "guide.test.ts", "--root", folder);
    expect(output).toMatch(/Tests .*2 passed/);
  });

  test("node:test", async () => {
    expect(await execute("--test", "recipe.node.ts")).toMatch(/pass 1/);
  });

  test("a client package of your own, tested as these are", async () => {
    expect(await execute("--test", "conformance.node.ts")).toMatch(/pass 1\d\n[\s\S]*fail 0/);
  });

  test("CI without containers", async () => {
    const [, recipe = ""] = /```sh\n(npx [^`]* &\n[\s\S]*?)```/.exec(readme) ?? [];
    const script = `${own(recipe)}kill $!\n`;
    const output = await new Promise((resolve) => {
      execFile("sh", ["-c", script], { cwd: folder }, (_, stdout) => resolve(stdout));
    });
    expect(output).toContain("answered 404");
  });

  test("Playwright with a webServer", async () => {
    expect(await execute(bin("@playwright/test", "cli.js"), "test")).toMatch(/1 passed/);
  });
});
