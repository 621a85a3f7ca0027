import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runProcess } from "../src/release/run-process.ts";
import { copySources, sourceFiles } from "../src/release/sandbox.ts";
import { linkDependencies, sizeReport } from "../src/size.ts";
import { ROOT, readManifest, SCOPE, UsageError } from "../src/workspace.ts";
import { run } from "./workspace.ts";

const RUNTIME = "packages/auth-runtime/src/create-client.ts";

// A copy, whose history and sources are changed.
const { "size-limit": limited } = readManifest(ROOT) as unknown as { "size-limit": unknown[] };
const copy = mkdtempSync(join(tmpdir(), "size-test-"));
const git = (...args: string[]) => runProcess("git", args, { cwd: copy });
const commit = async () => {
  await git("add", "--all");
  await git("-c", "user.name=test", "-c", "user.email=test@localhost", "commit", "--quiet", "--message", "test");
};
beforeAll(() => {
  copySources(copy);
  linkDependencies(copy);
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

/** The change that a report shows of each bundle. */
function changes(report: string): Record<string, string> {
  const rows = [...report.matchAll(/^(\S.*?) +[\d,]+ +(\S+) +[\d,]+$/gm)];
  return Object.fromEntries(rows.map(([, name = "", change = ""]) => [name, change]));
}

test("without git, sizes are held to their limits and no change is shown", async () => {
  const report = await sizeReport(copy);
  expect(report).toContain("no change is shown: this folder is not a git checkout");
  expect(new Set(Object.values(changes(report)))).toEqual(new Set(["–"]));
});

describe("in a git checkout", () => {
  test("whose history is one commit deep, no change is shown", async () => {
    await git("init", "--quiet");
    // They are links here, which .gitignore does not mean.
    writeFileSync(join(copy, ".git/info/exclude"), "node_modules\n");
    await commit();
    expect(await sizeReport(copy)).toContain("no change is shown: git has no HEAD^ here, as in a shallow clone");
  });

  test("an edit of the runtime changes every client's size, before it is committed and after", async () => {
    appendFileSync(join(copy, RUNTIME), '\nglobalThis.dispatchEvent?.(new Event("an edit of the runtime"));\n');
    const edited = await sizeReport(copy);
    expect(edited).toMatch(/change since HEAD \([0-9a-f]{7}\)$/);
    const shown = Object.values(changes(edited));
    expect(shown).toHaveLength(limited.length);
    for (const change of shown) expect(change).toMatch(/^\+\d+$/);

    await commit();
    const committed = await sizeReport(copy);
    expect(committed).toMatch(/change since HEAD\^ \([0-9a-f]{7}\)$/);
    expect(changes(committed)).toEqual(changes(edited));
    expect(Object.values(changes(await sizeReport(copy, "HEAD")))).toEqual(limited.map(() => "0"));
  });

  test("a base of before another scope was set is compared all the same", async () => {
    const rename = (from: string, to: string) => {
      for (const file of sourceFiles(join(copy, "packages")).filter((each) => /\.(ts|json)$/.test(each)))
        writeFileSync(file, readFileSync(file, "utf8").replaceAll(from, to));
    };
    rename(`${SCOPE}/`, "@before/");
    await commit();
    rename("@before/", `${SCOPE}/`);
    const shown = changes(await sizeReport(copy));
    expect(Object.keys(shown)).toHaveLength(limited.length);
    for (const change of Object.values(shown)) expect(change).toMatch(/^(0|[+−]\d{1,2})$/);
    await commit();
  });

  test("a bundle that the base lacks is new, and one over its limit fails by name", async () => {
    const manifest = JSON.parse(readFileSync(join(copy, "package.json"), "utf8"));
    const [first, ...others] = manifest["size-limit"];
    const added = { name: "an addition", path: "packages/klavi-auth/src/addition.ts", limit: "1 kB", gzip: true };
    writeFileSync(join(copy, "packages/klavi-auth/src/addition.ts"), "export const addition = 1;\n");
    const limits = [{ ...first, name: "too small a limit", limit: "1 kB" }, ...others, added];
    writeFileSync(join(copy, "package.json"), JSON.stringify({ ...manifest, "size-limit": limits }));
    const error: unknown = await sizeReport(copy).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UsageError);
    const { message } = error as UsageError;
    expect(changes(message)).toMatchObject({ "an addition": "new", "too small a limit": "0" });
    expect(message).toContain("[size] over the limit: too small a limit; make it smaller");
  });
});

test.each([
  [["--base", "nonsense"], "[size] git knows no commit nonsense"],
  [["--bsae", "HEAD"], "Unknown option '--bsae'"],
])("%j is refused in one line", async (args, message) => {
  const { code, output } = await run("size.ts", ...args);
  expect(code).toBe(1);
  expect(output).toContain(message);
  expect(output.trimEnd().split("\n")).toHaveLength(1);
});
