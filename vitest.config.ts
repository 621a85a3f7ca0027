import { defineConfig } from "vitest/config";

// A mutant is tried by the tests that say what a line is for; those that run a line ten thousand times say it no better.
const slow = [
  "canary",
  "open-telemetry",
  "other-clients",
  "process",
  "properties",
  "redact-limits",
  "redirects",
  "workerd",
].map((name) => `test/${name}.test.ts`);
const isMutation = process.env["STRYKER_MUTATOR_WORKER"] !== undefined;

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: isMutation ? slow : [],
    // Prism takes over a second to load on a slow machine.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
