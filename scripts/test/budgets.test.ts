import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { generate } from "../src/generate.ts";
import { runProcess } from "../src/release/run-process.ts";
import { COMPILER, createConsumer, figureOf } from "./large-consumer.ts";
import { createWorkspace, fictionalSpecs } from "./workspace.ts";

// Counts, which are the same on every machine; what takes time is measured by `pnpm bench`. Bytes are `pnpm size`'s, requests the
// runtime's own tests', installed packages those of `tarball.test.ts`.

describe("what a type check of a client costs does not grow with more than its operations", () => {
  /** A little above what it takes: the compiler counts the same each time. */
  const CEILINGS: [operations: number, instantiations: number][] = [
    [8, 3600],
    [100, 6200],
  ];
  const consumers = new Map<number, Awaited<ReturnType<typeof createConsumer>>>();
  beforeAll(async () => {
    for (const [operations] of CEILINGS) consumers.set(operations, await createConsumer(operations));
  });
  afterAll(() => {
    for (const { remove } of consumers.values()) remove();
  });

  test.each(CEILINGS)("calling each of %i operations takes at most %i instantiations", async (operations, most) => {
    const { root = "" } = consumers.get(operations) ?? {};
    const args = [COMPILER, "-p", join(root, "consumer"), "--extendedDiagnostics"];
    const report = await runProcess(process.execPath, args, { cwd: root });
    const instantiations = figureOf(report, "Instantiations");
    expect(instantiations).toBeGreaterThan(1000);
    expect(instantiations).toBeLessThanOrEqual(most);
  });
});

test("one spec changed among many rewrites five files and no more", async () => {
  const spec = fictionalSpecs["cedar-text"] as string;
  const names = Array.from({ length: 20 }, (_, index) => `cedar-${index}`);
  const { root, remove } = createWorkspace(Object.fromEntries(names.map((name) => [name, spec])));
  try {
    await generate(root);
    writeFileSync(join(root, "specs/cedar-7.yaml"), spec.replaceAll("Thing", "Item"));
    const written = (await generate(root)).split("\n").map((line) => line.replace(/^wrote +/, ""));
    const files = ["client.ts", "index.ts", "openapi.yaml", "schema.ts", "vendor.ts"];
    expect(written.sort()).toEqual(files.map((file) => `packages/cedar-7/src/generated/${file}`));
  } finally {
    remove();
  }
});
