import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire, stripTypeScriptTypes } from "node:module";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type FaultServer, startFaultServer } from "@org/mock-servers/fault-server";
import { afterAll, describe, expect, test } from "vitest";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const require = createRequire(import.meta.url);
const folder = mkdtempSync(join(tmpdir(), "workerd-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A worker that keeps one client between requests, as workers do. */
const workerOf = (server: string, options: string) => `
import { createVendorClient } from "./create-client.ts";
import { acorn, credentials } from "./acorn.ts";
const create = (context) => createVendorClient(acorn, { ...credentials, server: "${server}", http: { timeoutMs: 1500, attempts: 1 }, ${options} });
let client;
const worker = {
  async fetch(request, env, context) {
    client ??= create(context);
    const { pathname } = new URL(request.url);
    if (pathname === "/leave") {
      client.getToken().catch(() => undefined);
      // Long enough for the request to be under way when this one ends.
      await new Promise((resolve) => setTimeout(resolve, 100));
      return new Response("left");
    }
    return Response.json(await client.getToken());
  },
};
export { worker as default };`;

/** Runs a worker in workerd itself, from the sources with their types taken out, for as long as the work takes. */
async function withWorker<T>(server: string, options: string, work: (url: string) => Promise<T>): Promise<T> {
  const sources = readdirSync(here("../src")).filter((file) => file.endsWith(".ts"));
  const modules = new Map<string, string>([["worker.js", workerOf(server, options)]]);
  for (const file of [...sources.map((name) => here(`../src/${name}`)), here("acorn.ts")]) {
    modules.set(
      basename(file),
      stripTypeScriptTypes(readFileSync(file, "utf8"), { mode: "transform" }).replaceAll("../src/", "./"),
    );
  }
  const port = 20_000 + Math.floor(Math.random() * 20_000);
  const entries = [...modules].map(([name, text]) => {
    writeFileSync(join(folder, name), text);
    return `(name = "${name}", esModule = embed "${name}")`;
  });
  writeFileSync(
    join(folder, "config.capnp"),
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .worker), (name = "network", network = (allow = ["private", "local"]))],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")]
);
const worker :Workerd.Worker = (modules = [${entries.join(", ")}], compatibilityDate = "2026-01-01", globalOutbound = "network");
`,
  );
  const workerd = spawn(
    process.execPath,
    [require.resolve("workerd/bin/workerd"), "serve", join(folder, "config.capnp")],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  let complaints = "";
  workerd.stderr.on("data", (chunk: Buffer) => {
    complaints += chunk.toString();
  });
  const url = `http://127.0.0.1:${port}`;
  try {
    while (workerd.exitCode === null && !(await listens(port))) await new Promise((resolve) => setTimeout(resolve, 20));
    return await work(url).catch((error: Error) => {
      throw new Error(`${error.message}\n${complaints}`);
    });
  } finally {
    workerd.kill("SIGKILL");
  }
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}

describe("in workerd, which ends a request's work with the request", () => {
  test("a token is obtained", async () => {
    await using vendor = await startFaultServer(() => ({ json: { token: "example-token", expiresIn: 3600 } }));
    const token = await withWorker(vendor.url, "", async (url) => (await fetch(url)).json());
    expect(token).toMatchObject({ accessToken: "example-token" });
  });

  test("a request gets a token although the one before it ended while its exchange was pending", async () => {
    let logins = 0;
    const vendor: FaultServer = await startFaultServer(() =>
      logins++ === 0 ? "hang" : { json: { token: "example-token", expiresIn: 3600 } },
    );
    const token = await withWorker(vendor.url, "", async (url) => {
      expect(await (await fetch(`${url}/leave`)).text()).toBe("left");
      return (await fetch(url, { signal: AbortSignal.timeout(10_000) })).json();
    });
    await vendor.stop();
    expect(token).toMatchObject({ accessToken: "example-token" });
  });
});
