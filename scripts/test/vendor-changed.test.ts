import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { expectationOf, followPage } from "../src/docs-page.ts";
import { variableName } from "../src/drift/environment.ts";
import { copySources } from "../src/release/sandbox.ts";
import { modelOf } from "../src/spec/model.ts";
import { recordRelease } from "../src/spec-changeset/record.ts";
import { packageFolders, ROOT, specNames } from "../src/workspace.ts";
import { freePort } from "./workspace.ts";

// A copy in which everything was released once, as everything is when a vendor changes its API.
const copy = mkdtempSync(join(tmpdir(), "vendor-changed-"));
const servers: ChildProcess[] = [];
afterAll(() => {
  for (const server of servers) server.kill();
  rmSync(copy, { recursive: true, force: true });
});
copySources(copy);
// What waits for a release here is none of the page's business.
rmSync(join(copy, ".changeset"), { recursive: true });
mkdirSync(join(copy, ".changeset"));
const folders = packageFolders(ROOT).map((name) => join("packages", name));
for (const folder of [".", "scripts", ...folders]) {
  symlinkSync(join(ROOT, folder, "node_modules"), join(copy, folder, "node_modules"));
}
for (const folder of folders) {
  const manifest = join(copy, folder, "package.json");
  writeFileSync(manifest, readFileSync(manifest, "utf8").replace(/"version": "[^"]+"/, '"version": "1.0.0"'));
}
rmSync(join(copy, "specs/released"), { recursive: true, force: true });
recordRelease(copy);

/** Stands for pnpm, which would install first: runs what the manifest's script runs. */
const { scripts } = JSON.parse(readFileSync(join(copy, "package.json"), "utf8")) as { scripts: Record<string, string> };
mkdirSync(join(copy, "bin"));
const cases = Object.entries(scripts).map(([name, command]) => `${name}) shift; exec ${command} "$@" ;;`);
writeFileSync(join(copy, "bin/pnpm"), `#!/bin/sh\ncase "$1" in\n${cases.join("\n")}\nesac\nexit 127\n`, {
  mode: 0o755,
});
const port = String(await freePort());
const path = [join(copy, "bin"), dirname(process.execPath), process.env["PATH"]].join(delimiter);
const env: NodeJS.ProcessEnv = { ...process.env, PATH: path, PORT: port };

/** Runs a line as a person would type it; one that ends in `&` until it says that it is ready. */
async function type(line: string): Promise<{ code: number; output: string }> {
  const { command, code: expected } = expectationOf(line);
  const exported = /^export (.*)$/.exec(command)?.[1];
  if (exported) Object.assign(env, Object.fromEntries(exported.split(" ").map((pair) => pair.split("="))));
  if (command.includes("&") && !command.includes("&&"))
    return { code: 0, output: await start(command.split("&")[0] ?? "") };
  const { code, output } = await new Promise<{ code: number; output: string }>((resolve) => {
    execFile("sh", ["-c", command], { cwd: copy, env }, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), output: stdout + stderr }),
    );
  });
  expect({ command, code, output }).toEqual({ command, code: expected, output });
  return { code, output };
}

async function start(command: string): Promise<string> {
  const server = spawn("sh", ["-c", `exec ${command}`], { cwd: copy, env });
  servers.push(server);
  let output = "";
  while (!output.includes("Ctrl-C")) {
    output += await new Promise<string>((resolve, reject) => {
      server.stdout.once("data", (chunk: Buffer) => resolve(chunk.toString()));
      server.once("exit", () => reject(new Error(output)));
    });
  }
  return output;
}

test("docs/vendor-changed.md does what it says, line by line", async () => {
  const page = readFileSync(join(ROOT, "docs/vendor-changed.md"), "utf8");
  await followPage(page, async (line) => (await type(line)).output);
}, 120_000);

describe(".github/workflows/drift.yml", () => {
  const file = join(ROOT, ".github/workflows/drift.yml");
  const { permissions, jobs } = parse(readFileSync(file, "utf8"));
  const text = JSON.stringify(jobs);

  test("asks vendors that are here, at a server their specs have, with each credential", () => {
    const asked = jobs.drift.strategy.matrix.include as { package: string; server: string }[];
    expect(specNames(ROOT)).toEqual(expect.arrayContaining(asked.map((each) => each.package)));
    for (const each of asked) {
      const model = modelOf(parse(readFileSync(join(ROOT, "specs", `${each.package}.yaml`), "utf8")));
      expect(model.servers.map(({ name }) => name)).toContain(each.server);
      for (const { name } of model.credentials) expect(text).toContain(`"${variableName(each.package, name)}":`);
    }
  });

  test("may read the source and write issues, and nothing else", () => {
    expect([permissions, jobs.drift.permissions]).toEqual([{}, { contents: "read", issues: "write" }]);
  });
});
