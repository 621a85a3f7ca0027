import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { ROOT } from "../../src/workspace.ts";
import { freePort } from "../../test/workspace.ts";
import { type Child, startChild } from "./child.ts";

const POLL_MS = 5;

/** A process of mock servers that answers on each of its ports; asked anything, it says what CPU time it has taken. */
export interface MockProcess {
  readonly child: Child<string>;
  readonly urls: readonly string[];
}

async function start(program: string, args: readonly string[], urls: readonly string[]): Promise<MockProcess> {
  const reporter = new URL("answer-usage.mjs", import.meta.url).href;
  const child = await startChild<string>(program, { args, execArgv: ["--import", reporter] });
  await Promise.all(urls.map(answering));
  return { child, urls };
}

async function answering(url: string): Promise<void> {
  while (true) {
    const response = await fetch(url).catch(() => undefined);
    await response?.body?.cancel();
    if (response) return;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** `prism mock` for one spec. */
export async function startPrism(spec: string): Promise<MockProcess> {
  const port = await freePort();
  const manifest = createRequire(join(ROOT, "package.json")).resolve("@stoplight/prism-cli/package.json");
  const args = ["mock", join(ROOT, "specs", `${spec}.yaml`), "--port", String(port)];
  return start(join(dirname(manifest), "dist/index.js"), args, [`http://127.0.0.1:${port}`]);
}

/** `pnpm mock` for some specs, in one process. */
export async function startOurs(specs: readonly string[]): Promise<MockProcess> {
  const ports: number[] = [];
  for (let first = await freePort(); ports.length < specs.length; ) ports.push(first++);
  const args = [...specs, "--port", String(ports[0])];
  return start(
    join(ROOT, "scripts/src/mock.ts"),
    args,
    ports.map((port) => `http://127.0.0.1:${port}`),
  );
}
