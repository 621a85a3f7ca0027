import { execFile } from "node:child_process";
import { appendFileSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { copySources } from "../src/release/sandbox.ts";
import { ROOT } from "../src/workspace.ts";

const TASKS = ["lint", "fresh", "shapes", "biome", "types", "build", "tarball", "test"];
const VENDORS = ["klavi-auth", "kua-auth", "smooch-keys", "unith-auth"];

// A copy, so that the files of a repository somebody is working in stay as they are.
const copy = mkdtempSync(join(tmpdir(), "task-graph-"));
afterAll(() => rmSync(copy, { recursive: true, force: true }));
copySources(copy);
symlinkSync(join(ROOT, "node_modules"), join(copy, "node_modules"));

/** The hash of every task: a changed hash is a task that runs again, the same hash one that is answered from the cache. */
async function hashes(): Promise<Map<string, string>> {
  const args = [join(ROOT, "node_modules/turbo/bin/turbo"), "run", ...TASKS, "--dry=json"];
  const env = { ...process.env, TURBO_TELEMETRY_DISABLED: "1" };
  const stdout = await new Promise<string>((resolve, reject) => {
    execFile(process.execPath, args, { cwd: copy, env, maxBuffer: 2 ** 26 }, (error, out, stderr) =>
      error ? reject(new Error(stderr)) : resolve(out),
    );
  });
  const { tasks } = JSON.parse(stdout) as { tasks: { taskId: string; hash: string; command: string }[] };
  const real = tasks.filter(({ command }) => command !== "<NONEXISTENT>");
  return new Map(real.map(({ taskId, hash }) => [taskId, hash]));
}

async function rerunAfter(file: string): Promise<string[]> {
  const before = await hashes();
  appendFileSync(join(copy, file), "\n");
  const after = await hashes();
  return [...after].filter(([task, hash]) => before.get(task) !== hash).map(([task]) => task);
}

const ofVendors = (tasks: string[]) =>
  tasks.filter((task) => VENDORS.some((vendor) => task.startsWith(`@org/${vendor}#`))).sort();
const all = (vendor: string) => ["build", "tarball", "test", "types"].map((task) => `@org/${vendor}#${task}`);

describe("the task graph", () => {
  test("nothing changed: nothing runs again but the freshness check and the sizes, which are never cached", async () => {
    expect(await hashes()).toEqual(await hashes());
    const turbo = (await import(join(ROOT, "turbo.json"), { with: { type: "json" } })) as {
      default: { tasks: Record<string, { cache?: boolean }> };
    };
    const uncached = Object.entries(turbo.default.tasks).filter(([, { cache }]) => cache === false);
    expect(uncached.map(([task]) => task)).toEqual(["fresh", "//#size"]);
  });

  test("a changed spec runs the linter again, and no vendor's tasks before it is regenerated", async () => {
    const tasks = await rerunAfter("specs/klavi-auth.yaml");
    expect(tasks).toContain("@org/scripts#lint");
    expect(ofVendors(tasks)).toEqual([]);
  });

  test("a regenerated package runs its own tasks again, and not the other vendors'", async () => {
    expect(ofVendors(await rerunAfter("packages/klavi-auth/src/generated/vendor.ts"))).toEqual(all("klavi-auth"));
  });

  test("a runtime edit runs every vendor's tasks again", async () => {
    const tasks = await rerunAfter("packages/auth-runtime/src/redact.ts");
    expect(ofVendors(tasks)).toEqual(VENDORS.flatMap(all));
    expect(tasks).toContain("@org/auth-runtime#test");
  });

  test("an edit of the mocks runs every contract test again", async () => {
    const tasks = await rerunAfter("packages/mock-servers/src/conformance.ts");
    expect(tasks).toEqual(expect.arrayContaining(VENDORS.map((vendor) => `@org/${vendor}#test`)));
  });
});
