import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startMock } from "@org/mock-servers";
import { afterAll, describe, expect, test } from "vitest";
import { clientFolders, packageFolders, ROOT } from "../src/workspace.ts";

const clients = clientFolders(ROOT);
// The runtime and the mocks depend on no client package, so their examples run where both are at hand.
const homeOf = (folder: string) => (clients.includes(folder) ? folder : "klavi-auth");
const cacheOf = (folder: string) => join(ROOT, "packages", homeOf(folder), ".cache", "readme");
afterAll(() => {
  for (const folder of clients) rmSync(cacheOf(folder), { recursive: true, force: true });
});

/** The first example of a README, with nothing changed but where its requests go. */
function exampleOf(folder: string, serverUrl: string): string {
  const readme = readFileSync(join(ROOT, "packages", folder, "README.md"), "utf8");
  const [, code = ""] = /```ts\n([\s\S]*?)```/.exec(readme) ?? [];
  if (!clients.includes(folder)) return code;
  const withServer = /\bserver: ".*?"/.test(code)
    ? code.replace(/\bserver: ".*?"/, `server: "${serverUrl}"`)
    : code.replace(/= create\w+\(\{/, `$& server: "${serverUrl}",`);
  return withServer
    .replace(/"https:\/\/[^/"]+\//g, `"${serverUrl}/`)
    .replace(/process\.env\["\w+"\] \?\? ""/g, '"example-value"');
}

describe("the example of each package's README", () => {
  test.each(packageFolders(ROOT))("%s runs as it is written", async (folder) => {
    await using mock = await startMock(join(ROOT, "specs", `${homeOf(folder)}.yaml`), { stateless: true });
    mkdirSync(cacheOf(folder), { recursive: true });
    const file = join(cacheOf(folder), `${folder}.ts`);
    writeFileSync(file, exampleOf(folder, mock.url));
    const output = await new Promise<string>((resolve, reject) => {
      execFile(process.execPath, [file], { cwd: join(ROOT, "packages", homeOf(folder)) }, (error, stdout, stderr) =>
        error || stderr ? reject(error ?? new Error(stderr)) : resolve(stdout),
      );
    });
    expect(output.trim()).not.toBe("");
  });
});
