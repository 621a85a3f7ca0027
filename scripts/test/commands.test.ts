import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { exchangesOf, operationsOf, readDocument } from "@org/mock-servers/examples";
import { describe, expect, test } from "vitest";
import { ROOT, SCOPE, specNames } from "../src/workspace.ts";
import { freePort, run } from "./workspace.ts";

describe("demo", () => {
  test("calls every operation of every spec and says how many succeeded", async () => {
    const { code, output } = await run("demo.ts");
    const names = specNames(ROOT);
    const documents = await Promise.all(names.map((name) => readDocument(join(ROOT, "specs", `${name}.yaml`))));
    const operations = documents.flatMap(operationsOf);
    const lines = output.split("\n");
    for (const { operationId, path } of operations) {
      expect(lines.some((line) => line.includes(` ${operationId} `) && line.includes(` ${path} `))).toBe(true);
    }
    const tokens = documents.flatMap(exchangesOf).length;
    const calls = operations.length + tokens;
    expect(output.trimEnd().split("\n").at(-1)).toBe(
      `${names.length} packages, ${tokens} tokens, ${operations.length} operations: ${calls} of ${calls} calls succeeded`,
    );
    expect(code).toBe(0);
  });
});

describe("mock", () => {
  test("serves the named packages on ports that follow each other, with a curl that works, until it is interrupted", async () => {
    const port = await freePort();
    const child = spawn(process.execPath, [
      join(ROOT, "scripts/src/mock.ts"),
      "unith-auth",
      "klavi-auth",
      "--port",
      String(port),
    ]);
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
    while (!output.includes("Ctrl-C")) await new Promise((resolve) => child.stdout.once("data", resolve));
    expect(output).toContain(`unith-auth http://127.0.0.1:${port}\n`);
    expect(output).toContain(`klavi-auth http://127.0.0.1:${port + 1}\n`);
    const [, url = "", type = "", body = ""] =
      /curl -X POST '(\S+1\/monitor\S+|\S+\/monitor\S+)' -H 'Content-Type: (\S+)' -d '(.+)'/.exec(output) ?? [];
    const response = await fetch(url, { method: "POST", headers: { "Content-Type": type }, body });
    expect(response.status).toBe(200);
    const exit = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGINT");
    expect(await exit).toBe(0);
    await expect(fetch(url)).rejects.toThrow("fetch failed");
  });

  test("says in one line that a port is taken", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => taken.once("listening", resolve));
    const { port } = taken.address() as { port: number };
    const { code, output } = await run("mock.ts", "klavi-auth", "--port", String(port));
    taken.close();
    expect([code, output]).toEqual([1, `[@org/mock-servers] port ${port} is in use; choose another port\n`]);
  });

  const mistakes: [string, string[], string][] = [
    [
      "an unknown package",
      ["acme-auth"],
      "[@org/mock-servers] @org/acme-auth is not installed here; install it, or pass the path of an OpenAPI file\n",
    ],
    [
      "a port that is none",
      ["--port", "http"],
      `[@org/mock-servers] --port takes a whole number from 1 to ${65_536 - specNames(ROOT).length}\n`,
    ],
    ["an unknown option", ["--prot", "1"], "[@org/mock-servers] Unknown option '--prot'"],
  ];
  test.each(mistakes)("says in one line that it was given %s", async (_, args, message) => {
    const { code, output } = await run("mock.ts", ...args);
    expect(output.startsWith(message)).toBe(true);
    expect(output.trimEnd().split("\n")).toHaveLength(1);
    expect(code).toBe(1);
  });
});

test("Prism's own command serves a spec as it is", async () => {
  const port = await freePort();
  const args = [
    join(ROOT, "node_modules/@stoplight/prism-cli/dist/index.js"),
    "mock",
    "specs/kua-auth.yaml",
    "--port",
    String(port),
  ];
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  while (!output.includes("is listening on")) {
    output += await new Promise<string>((resolve, reject) => {
      child.stdout.once("data", (chunk: Buffer) => resolve(chunk.toString()));
      child.once("exit", () => reject(new Error(output)));
    });
  }
  const response = await fetch(`http://127.0.0.1:${port}/core/api/v2/accounts`, {
    headers: { Authorization: "Bearer example-token" },
  });
  expect(response.status).toBe(200);
  const exit = new Promise((resolve) => child.once("exit", resolve));
  child.kill();
  await exit;
});

describe("set-scope", () => {
  test.each([
    ["no scope", [], '"" is no npm scope: pnpm set-scope @scope'],
    ["a name without @", ["acme"], '"acme" is no npm scope'],
    ["two scopes", ["@acme", "@other"], '"@acme @other" is no npm scope'],
    ["capital letters", ["@Acme"], '"@Acme" is no npm scope'],
    ["a repository that is none", ["@acme", "--repository", "acme/clients"], '"acme/clients" is not the address'],
    ["the scope it has", [SCOPE], `everything is under ${SCOPE} already`],
  ])("given %s, says so and changes nothing", async (_, args, message) => {
    const before = readFileSync(join(ROOT, "pnpm-lock.yaml"), "utf8");
    const { code, output } = await run("set-scope.ts", ...args);
    expect([code, output]).toEqual([1, expect.stringContaining(message)]);
    expect(readFileSync(join(ROOT, "pnpm-lock.yaml"), "utf8")).toBe(before);
  });
});
