import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { runCommand } from "../src/entries/command.ts";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const grove = here("grove.yaml");
const fern = here("fern.yaml");
/** Below the range that systems give out by themselves, so that the port after it is as free. */
const freePort = () => 10_000 + Math.floor(Math.random() * 10_000);

describe("the command", () => {
  test("starts a mock for each spec, with what it is told, and writes a line for each request", async () => {
    const lines: string[] = [];
    const port = freePort();
    const args = [grove, fern, "--port", String(port), "--protect", "/v1/**", "--seed", "1"];
    const faults = ["createSession:503+2x2", "listTrees:308=http://127.0.0.1:1/x2", "getTree:slowx2=1", "*:reset@0"];
    const { mocks, stop } = await runCommand(
      [...args, ...faults.flatMap((fault) => ["--fault", `grove/${fault}`])],
      (line) => lines.push(line),
    );
    try {
      expect(mocks.map(({ url }) => url)).toEqual([`http://127.0.0.1:${port}`, `http://127.0.0.1:${port + 1}`]);
      expect(lines[0]).toBe(`grove http://127.0.0.1:${port}`);
      expect(lines[1]).toContain(`curl -X POST 'http://127.0.0.1:${port}/session'`);
      const logIn = () =>
        fetch(`http://127.0.0.1:${port}/session`, {
          method: "POST",
          headers: { "Content-Type": "application/json" },
          body: JSON.stringify({ user: "someone", password: "example-password" }),
        });
      const first = await logIn();
      expect([first.status, first.headers.get("retry-after")]).toEqual([503, "2"]);
      await logIn();
      expect((await logIn()).status).toBe(200);
      expect((await fetch(`http://127.0.0.1:${port}/groves/a/trees`, { redirect: "manual" })).status).toBe(308);
      expect((await fetch(`http://127.0.0.1:${port}/v1/x`)).status).toBe(401);
      expect(lines.at(-1)).toMatch(/^grove {2}GET {2}\/v1\/x {2}- {2}401 {2}\d+\.\d ms$/);
      expect(lines.find((line) => line.includes("fault"))).toMatch(/createSession {2}503 .* fault: status 503$/);
      expect(lines.join()).not.toContain("example-password}");
    } finally {
      await stop();
    }
  });

  const mistakes: [string, string[], string][] = [
    ["no spec", [], "name at least one package or file"],
    ["an unknown option", [grove, "--prot", "1"], "Unknown option '--prot'"],
    ["a port that is none", [grove, "--port", "x"], "--port takes a whole number from 1 to 65535"],
    [
      "a latency that is none",
      [grove, "--latency", "-1"],
      "Option '--latency' argument is ambiguous; mock-servers --help says how",
    ],
    ["a fault without an operation", [grove, "--fault", "503"], "--fault 503 is not <spec>/<operationId>:<what>"],
    [
      "a fault of a spec that is not started",
      [grove, "--fault", "fern/putFern:503"],
      "--fault names fern, which is not started",
    ],
    ["a fault that is none", [grove, "--fault", "grove/createSession:explode"], 'there is no "explode"'],
    ["an operation that is none", [grove, "--fault", "grove/logIn:503"], 'there is no operation "logIn"'],
    ["a package that is not installed", ["acme-auth"], "@org/acme-auth is not installed here"],
  ];
  test.each(mistakes)("says what is wrong: %s", async (_, args, message) => {
    const port = args.length > 0 && !args.includes("--port") ? ["--port", String(freePort())] : [];
    await expect(runCommand([...args, ...port], () => undefined)).rejects.toThrow(message);
  });

  test("is a program that ends by a signal", async () => {
    const port = freePort();
    const child = spawn(process.execPath, [here("../src/cli.ts"), grove, "--port", String(port)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let output = "";
    for await (const chunk of child.stdout) {
      output += String(chunk);
      if (output.includes("Ctrl-C")) child.kill("SIGINT");
    }
    expect(output).toContain(`grove http://127.0.0.1:${port}`);
    expect(child.exitCode ?? (await once(child, "exit"))[0]).toBe(0);
  });

  test("says in one sentence what it cannot do, and fails", async () => {
    const child = spawn(process.execPath, [here("../src/cli.ts"), "acme-auth"], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    let output = "";
    for await (const chunk of child.stderr) output += String(chunk);
    expect(output).toBe(
      "[@org/mock-servers] @org/acme-auth is not installed here; install it, or pass the path of an OpenAPI file\n",
    );
    expect(child.exitCode ?? (await once(child, "exit"))[0]).toBe(1);
  });
});
