import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type MockServer, startMock } from "@org/mock-servers";
import { afterAll, describe, expect, test } from "vitest";
import { clientFolders, packageFolders, ROOT } from "../src/workspace.ts";

const clients = clientFolders(ROOT);
// The runtime and the mocks depend on no client package, so their examples run where both are at hand.
const homeOf = (folder: string) => (clients.includes(folder) ? folder : "klavi-auth");
const cacheOf = (folder: string) => join(ROOT, "packages", homeOf(folder), ".cache", "readme");
const clear = () => {
  for (const folder of clients) rmSync(cacheOf(folder), { recursive: true, force: true });
};
afterAll(clear);
clear();

interface Example {
  folder: string;
  /** The name of the file it is, where it says so in its first line. */
  name: string;
  code: string;
}

/** The examples of the packages' READMEs; of the mocks' only the first, because its others have a test of their own. */
const examples: Example[] = packageFolders(ROOT).flatMap((folder) => {
  const readme = readFileSync(join(ROOT, "packages", folder, "README.md"), "utf8");
  const blocks = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = ""]) => code);
  return (clients.includes(folder) ? blocks : blocks.slice(0, 1)).map((code, index) => {
    const [, name = `${folder}-${index + 1}.ts`] = /^\/\/ (\S+\.ts)\b/.exec(code) ?? [];
    return { folder, name, code };
  });
});

/** What every mock accepts: a key of an app, where the kind of a key matters. */
const CREDENTIALS = { keyId: "app_example" } as Record<string, string>;
const credentialFor = (credential: string) => CREDENTIALS[credential] ?? "example-value";

/** An example with nothing changed but where its requests go, written where its package is at hand; and how to run it. */
function prepare({ folder, name, code }: Example, serverUrl: string) {
  const withServer = /\bserver(:| =) ".*?"/.test(code)
    ? code.replace(/\bserver(:| =) ".*?"/g, `server$1 "${serverUrl}"`)
    : code.replace(/= create\w+\(\{/, `$& server: "${serverUrl}",`);
  const text = clients.includes(folder) ? withServer.replace(/"https:\/\/[^/"]+\//g, `"${serverUrl}/`) : code;
  mkdirSync(cacheOf(folder), { recursive: true });
  const file = join(cacheOf(folder), name);
  writeFileSync(file, text);
  const given = [...code.matchAll(/(\w+): process\.env\["(\w+)"\]/g)].map(([, credential = "", variable = ""]) => [
    variable,
    credentialFor(credential),
  ]);
  return { file, env: Object.fromEntries(given) as Record<string, string> };
}

/** What an example prints; rejects where it fails or warns. */
function run(file: string, env: Record<string, string>, cwd: string): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [file], { cwd, env: { PATH: process.env["PATH"], ...env } }, (error, stdout, stderr) =>
      error || stderr ? reject(error ?? new Error(stderr)) : resolve(stdout),
    );
  });
}

/** A mock of a package's vendor that accepts the examples' credentials, and the document's. */
async function mockFor(folder: string): Promise<MockServer> {
  const spec = join(ROOT, "specs", `${homeOf(folder)}.yaml`);
  await using plain = await startMock(spec);
  const credentials = Object.fromEntries(Object.keys(plain.credentials).map((name) => [name, credentialFor(name)]));
  return startMock(spec, { credentials: [credentials, plain.credentials] });
}

const recipes = examples.filter(({ name }) => name.startsWith("rotate-"));

describe("the examples of the packages' READMEs", () => {
  test.each(examples.filter((example) => !recipes.includes(example)))(
    "$name runs as it is written",
    async (example) => {
      await using mock = await mockFor(example.folder);
      const { file, env } = prepare(example, mock.url);
      expect((await run(file, env, join(ROOT, "packages", homeOf(example.folder)))).trim()).not.toBe("");
      expect(mock.requests.filter(({ violations }) => violations.length > 0)).toEqual([]);
    },
  );

  test("compile", async () => {
    const files = examples
      .filter(({ folder }) => clients.includes(folder))
      .map((example) => prepare(example, "http://127.0.0.1:9").file);
    const config = join(cacheOf("klavi-auth"), "tsconfig.json");
    const compilerOptions = { noEmit: true, rootDir: ROOT };
    writeFileSync(
      config,
      JSON.stringify({ extends: join(ROOT, "tsconfig.base.json"), compilerOptions, files, include: [] }),
    );
    const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
    const output = await new Promise((resolve) => {
      execFile(process.execPath, [tsc, "-p", config], { cwd: ROOT }, (_, stdout, stderr) => resolve(stdout + stderr));
    });
    expect(output).toBe("");
  }, 60_000);
});

describe("the rotation recipes, interrupted and run again as cron would", () => {
  /** A folder as the recipe's machine has it, with the key in use. */
  function machine(example: Example, mock: MockServer, key: object) {
    const { file, env } = prepare(example, mock.url);
    const folder = join(cacheOf(example.folder), "machine");
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
    writeFileSync(join(folder, "key.json"), JSON.stringify(key));
    return {
      run: (more: Record<string, string> = {}) => run(file, { ...env, ...more }, folder),
      key: () => JSON.parse(readFileSync(join(folder, "key.json"), "utf8")),
      isInterrupted: () => existsSync(join(folder, "progress.json")),
    };
  }
  const recipe = (folder: string) => recipes.find((each) => each.folder === folder) as Example;

  test("are these", () => {
    expect(recipes.map(({ name }) => name)).toEqual(["rotate-smooch-key.ts", "rotate-unith-key.ts"]);
  });

  test("rotate-smooch-key.ts", async () => {
    await using mock = await mockFor("smooch-keys");
    const path = `${mock.url}/v2/apps/a/keys`;
    const headers = { Authorization: `Basic ${btoa("app_example:example-value")}`, "Content-Type": "application/json" };
    const list = async () => (await (await fetch(path, { headers })).json()).keys as { id: string }[];
    const created = await fetch(path, { method: "POST", headers, body: '{"displayName":"billing"}' });
    const { key: old } = await created.json();
    const { run, key, isInterrupted } = machine(recipe("smooch-keys"), mock, old);
    const ids = { SMOOCH_APP_ID: "a", SMOOCH_INTEGRATION_ID: "i" };
    const env = { ...ids, SMOOCH_KEY_ID: "app_example", SMOOCH_SECRET: "example-value" };
    mock.fail("createAppKey", { fault: "reset", applied: true });
    mock.fail("deleteAppKey", { status: 403 });
    await expect(run(env)).rejects.toThrow("answered 403");
    expect([isInterrupted(), (await list()).length]).toEqual([true, 2]);
    expect(await run(env)).toBe(`${key().id} is in use; deleted: ${old.id}\n`);
    expect([isInterrupted(), (await list()).map(({ id }) => id)]).toEqual([false, [key().id]]);
    expect(await run(env)).toContain("is in use; deleted: ");
  });

  test("rotate-unith-key.ts", async () => {
    await using mock = await mockFor("unith-auth");
    const { run, key, isInterrupted } = machine(recipe("unith-auth"), mock, { secretKey: "example-value" });
    mock.fail("generateSecretKey", { status: 429, retryAfter: 60, applied: true });
    await expect(run()).rejects.toThrow("answered 429");
    expect(isInterrupted()).toBe(true);
    expect(await run()).toBe("another key is in use\n");
    expect([isInterrupted(), key()]).toEqual([false, { secretKey: mock.credentials.secretKey }]);
  });
});
