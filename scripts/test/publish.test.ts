import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { npmCommand } from "../release/src/npm.ts";
import { isLower, parseVersion, type Version } from "../release/src/version.ts";
import { type Registry, startRegistry } from "../src/release/registry.ts";
import { runProcess } from "../src/release/run-process.ts";
import { ROOT, SCOPE } from "../src/workspace.ts";
import type { Outcome } from "./workspace.ts";

const SOURCES = join(ROOT, "scripts/release/src");
const ONE = `${SCOPE}/one`;
const TWO = `${SCOPE}/two`;

const folders: string[] = [];
let registry: Registry;
beforeAll(async () => {
  registry = await startRegistry();
});
afterAll(async () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  await registry[Symbol.asyncDispose]();
});

/** A repository after `release:pack`: a tarball of each package, and the plan that names them, each in a chunk of its own. */
async function packedRepository(versions: Record<string, string>, npmrc = registry.npmrc): Promise<string> {
  const root = mkdtempSync(join(tmpdir(), "publish-"));
  folders.push(root);
  writeFileSync(join(root, ".npmrc"), npmrc);
  writeFileSync(join(root, "package.json"), "{}");
  const packages = join(root, "packed/packages");
  mkdirSync(packages, { recursive: true });
  const plan = [];
  for (const [name, version] of Object.entries(versions)) {
    const source = join(root, "source", name);
    mkdirSync(source, { recursive: true });
    writeFileSync(join(source, "package.json"), JSON.stringify({ name, version }));
    await runProcess("npm", ["pack", source, "--pack-destination", packages], { cwd: root });
    const file = `${name.slice(1).replace("/", "-")}-${version}.tgz`;
    const digest = createHash("sha256")
      .update(readFileSync(join(packages, file)))
      .digest("base64");
    const tarball = { path: `packages/${file}`, integrity: `sha256-${digest}` };
    plan.push([{ kind: "publish", name, version, access: "public", tag: "latest", tarball }]);
  }
  writeFileSync(join(root, "packed/publish-plan.json"), JSON.stringify({ version: 1, plan }));
  return root;
}

function publish(root: string, ...args: string[]): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(SOURCES, "publish.ts"), ...args], { cwd: root });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
    child.once("error", reject).once("close", (code) => resolve({ code: code ?? -1, output }));
  });
}

/** Changes the plan of a packed repository. */
function editPlan(root: string, from: string | RegExp, to: string): void {
  const file = join(root, "packed/publish-plan.json");
  const text = readFileSync(file, "utf8");
  expect(text).toMatch(from);
  writeFileSync(file, text.replace(from, to));
}

test("publishing imports Node's own modules and its siblings, so that it needs no installation", () => {
  const files = readdirSync(SOURCES);
  expect(files).toContain("publish.ts");
  const imported = files.flatMap((file) =>
    [...readFileSync(join(SOURCES, file), "utf8").matchAll(/(?:from|import\() ?"([^"]+)"/g)].map(([, name]) => name),
  );
  expect(imported.filter((name) => !/^(node:|\.\/[\w-]+\.ts$)/.test(String(name)))).toEqual([]);
});

describe("release:publish", () => {
  test("goes on where an interrupted release stopped, and then has nothing to do", async () => {
    const root = await packedRepository({ [ONE]: "1.9.0", [TWO]: "1.0.0" });
    registry.failAfter(1);
    const interrupted = await publish(root);
    registry.failAfter(Number.POSITIVE_INFINITY);
    expect(interrupted.code).toBe(1);
    expect(interrupted.output).toContain(`at ${TWO} 1.0.0, for the reason above; published before it: ${ONE} 1.9.0`);
    expect(await registry.versions(TWO)).toEqual([]);

    const again = await publish(root);
    expect(again.code).toBe(0);
    expect(again.output).toContain(`${ONE} 1.9.0 is published already`);
    expect(again.output).toContain(`published ${TWO} 1.0.0 under latest`);

    const third = await publish(root);
    expect(third.code).toBe(0);
    expect(third.output).toContain("nothing to publish");
  });

  test("moves latest from 1.9.0 to 1.10.0, and refuses to move it back before anything is published", async () => {
    expect(await publish(await packedRepository({ [ONE]: "1.10.0", [TWO]: "1.0.0" }))).toMatchObject({ code: 0 });
    const hotfix = await packedRepository({ [TWO]: "1.0.1", [ONE]: "1.9.1" });
    const { code, output } = await publish(hotfix);
    expect(code).toBe(1);
    expect(output).toBe(
      `[release:publish] ${ONE} 1.9.1 would take "latest" back from 1.10.0; ` +
        "publish it from a branch release-1.x with --tag release-1.x (docs/releasing.md)\nnothing was published\n",
    );
    expect(await registry.versions(TWO)).toEqual(["1.0.0"]);

    expect(await publish(hotfix, "--tag", "release-1.x")).toMatchObject({ code: 0 });
    expect(await registry.distTags(ONE)).toEqual({ latest: "1.10.0", "release-1.x": "1.9.1" });
    expect(await registry.distTags(TWO)).toEqual({ latest: "1.0.0", "release-1.x": "1.0.1" });
  });

  test("publishes under the tag of a major nothing of another major", async () => {
    const root = await packedRepository({ [TWO]: "2.0.0" });
    const refused = `${TWO} 2.0.0 is not of major 1, so it is not published with --tag release-1.x`;
    expect((await publish(root, "--tag", "release-1.x")).output).toContain(refused);
    editPlan(root, '"tag":"latest"', '"tag":"next"');
    const { code, output } = await publish(root, "--tag", "release-1.x");
    expect(code).toBe(1);
    expect(output).toContain(refused);
  });

  test("publishes nothing if one tarball is not the one that was packed", async () => {
    const root = await packedRepository({ [`${SCOPE}/three`]: "1.0.0", [`${SCOPE}/four`]: "1.0.0" });
    appendFileSync(join(root, `packed/packages/${SCOPE.slice(1)}-four-1.0.0.tgz`), "x");
    const { code, output } = await publish(root);
    expect(code).toBe(1);
    expect(output).toContain("four-1.0.0.tgz is not the file that was packed");
    expect(await registry.versions(`${SCOPE}/three`)).toEqual([]);
  });

  test("says what the registry answered when it cannot be asked", async () => {
    const npmrc = registry.npmrc.replaceAll(/127\.0\.0\.1:\d+/g, "127.0.0.1:1");
    const root = await packedRepository({ [ONE]: "3.0.0" }, npmrc);
    const { code, output } = await publish(root);
    expect(code).toBe(1);
    expect(output).toContain(`the registry could not be asked for ${ONE}: `);
    expect(output).toContain("ECONNREFUSED");
  });

  test.each<[string, string | RegExp, string, string]>([
    ["another version of the plan", '"version":1,', '"version":2,', "has version 2; this script reads version 1"],
    ["a plan that is no list of lists", /"plan":.*/, '"plan":[{}]}', "has no list of lists as its plan"],
    ["an unknown kind", '"publish"', '"unpublish"', "release 1 has the unknown kind unpublish"],
    ["a name that is an option", `"${ONE}"`, '"--otp"', 'release 1 has no valid name: "--otp"'],
    ["a version that is none", '"3.0.0"', '"3.0"', 'release 1 has no valid version: "3.0"'],
    ["a tarball elsewhere", '"packages/', '"packages/../', "release 1 has no valid tarball.path"],
    ["another digest", "sha256-", "sha1-", "release 1 has no valid tarball.integrity"],
    ["text that is not JSON", /^/, "x", "is not JSON; run release:pack again"],
  ])("refuses %s", async (_, from, to, message) => {
    const root = await packedRepository({ [ONE]: "3.0.0" });
    editPlan(root, from, to);
    const { code, output } = await publish(root);
    expect(code).toBe(1);
    expect(output).toContain(message);
    expect(output.trimEnd().split("\n")).toHaveLength(1);
  });

  test.each([
    [["--tga", "x"], "Unknown option '--tga'"],
    [["packed"], "Unexpected argument 'packed'"],
    [["--tag", "latest"], "--tag latest is the default; leave --tag out"],
    [["--tag", "1.x"], '--tag "1.x" is no dist-tag, such as release-1.x'],
    [["--tag", "v1"], '--tag "v1" is no dist-tag'],
    [["--tag", "x"], '--tag "x" is no dist-tag'],
    [["--tag", ">=1"], '--tag ">=1" is no dist-tag'],
  ])("ends with 2 and one line for %j", async (args, message) => {
    const { code, output } = await publish(tmpdir(), ...args);
    expect(code).toBe(2);
    expect(output).toContain(message);
    expect(output.trimEnd().split("\n")).toHaveLength(1);
  });

  test("--help names the options, the exit codes and an example", async () => {
    const { code, output } = await publish(tmpdir(), "--help");
    expect(code).toBe(0);
    for (const part of ["--tag", "--stage", "Exit codes: 0", "Example"]) expect(output).toContain(part);
  });

  test("without a plan it names the command that makes one", async () => {
    expect((await publish(tmpdir())).output).toMatch(/publish-plan\.json cannot be read; run release:pack first/);
  });
});

test("--stage sends the package to the registry's staging area, under its tag", async () => {
  const requests: { method: string; url: string; body: string }[] = [];
  const textOf = async (request: IncomingMessage) => (await request.toArray()).join("");
  const server = createServer(async (request, response) => {
    const { method = "", url = "" } = request;
    requests.push({ method, url, body: await textOf(request) });
    const isStaging = method === "POST" && url.startsWith("/-/stage/package/");
    response.writeHead(isStaging ? 201 : 404, { "Content-Type": "application/json" });
    response.end(JSON.stringify(isStaging ? { stageId: "stage-1" } : { error: "not found" }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const npmrc = `${SCOPE}:registry=http://${host}/\n//${host}/:_authToken=not-a-secret\n`;
    const root = await packedRepository({ [ONE]: "1.9.2" }, npmrc);
    const { code, output } = await publish(root, "--stage", "--tag", "release-1.x");
    expect(output).toContain(`staged ${ONE} 1.9.2 under release-1.x`);
    expect(code).toBe(0);
    const [sent, ...others] = requests.filter(({ method }) => method !== "GET");
    expect(others).toEqual([]);
    expect(sent).toMatchObject({ method: "POST", url: `/-/stage/package/${ONE.replace("/", "%2f")}` });
    expect(JSON.parse(sent?.body ?? "")).toMatchObject({ access: "public", "dist-tags": { "release-1.x": "1.9.2" } });
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

describe("the order of versions", () => {
  // The chain of section 11 of semantic versioning, with the usual traps.
  const ordered = [
    ...["0.9.9", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11"],
    ...[
      "1.0.0-rc.1",
      "1.0.0",
      "1.0.1",
      "1.9.0",
      "1.10.0-next.9",
      "1.10.0-next.10",
      "1.10.0",
      "2.0.0-0",
      "2.0.0",
      "10.0.0",
    ],
  ];
  const read = (text: string) => parseVersion(text) as Version;

  test("is that of semantic versioning", () => {
    for (const [index, version] of ordered.entries())
      for (const [otherIndex, other] of ordered.entries())
        expect([version, other, isLower(read(version), read(other))]).toEqual([version, other, index < otherIndex]);
  });

  test("knows no build metadata", () => {
    expect(isLower(read("1.0.0+a"), read("1.0.0+b"))).toBe(false);
    expect(isLower(read("1.0.0+b"), read("1.0.0"))).toBe(false);
  });

  test.each(["1", "1.0", "v1.0.0", "1.0.0.0", "1.0.0-", "latest", ""])("%j is no version", (text) => {
    expect(parseVersion(text)).toBeUndefined();
  });
});

describe("npm", () => {
  test("is run through the command interpreter on Windows, and by its name elsewhere", () => {
    expect(npmCommand(["view", "@org/one", "./packages/a.tgz"], "win32")).toEqual(["cmd.exe", "/d", "/s", "/c", "npm"]);
    expect(npmCommand(["view"], "linux")).toEqual(["npm"]);
  });

  test.each(["a&b", "a b", "%PATH%", '"', "^", "a|b", ""])("is never passed %j", (arg) => {
    expect(() => npmCommand(["view", arg])).toThrow("cannot be passed to npm");
  });
});
