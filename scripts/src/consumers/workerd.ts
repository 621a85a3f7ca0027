import { type ChildProcess, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { UsageError } from "../workspace.ts";

const CONFIG = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .worker), (name = "network", network = (allow = ["private", "local"]))],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")]
);
const worker :Workerd.Worker = (
  modules = [(name = "worker.js", esModule = embed "worker.js")], compatibilityDate = "2026-01-01", globalOutbound = "network"
);
`;

/** Serves a folder's `worker.js` for one request, and answers that request's body. */
export async function fetchFromWorker(workerd: string, folder: string): Promise<string> {
  const config = join(folder, "config.capnp");
  writeFileSync(config, CONFIG);
  const process = spawn(workerd, ["serve", config, "--control-fd=3"], { stdio: ["ignore", "ignore", "pipe", "pipe"] });
  try {
    const response = await fetch(`http://127.0.0.1:${await portOf(process)}`);
    return await response.text();
  } finally {
    process.kill("SIGKILL");
  }
}

/** The port it says on its control pipe that it listens on. */
function portOf(process: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let complaints = "";
    process.stderr?.on("data", (chunk: Buffer) => {
      complaints += chunk;
    });
    process.once("error", reject).once("exit", () => reject(new UsageError(`workerd ended: ${complaints}`)));
    (process.stdio[3] as Readable).on("data", (chunk: Buffer) => {
      const port = /"port":\s*(\d+)/.exec(chunk.toString())?.[1];
      if (port) resolve(Number(port));
    });
  });
}
