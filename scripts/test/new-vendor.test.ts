import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { startMock } from "@org/mock-servers";
import { conformanceCases } from "@org/mock-servers/conformance";
import { afterAll, describe, expect, test } from "vitest";
import { pascalCase } from "../src/emit/names.ts";
import { generate } from "../src/generate.ts";
import { placeAll } from "../src/new-vendor/place.ts";
import { newVendor } from "../src/new-vendor.ts";
import { runProcess } from "../src/release/run-process.ts";
import { removeVendor } from "../src/remove-vendor.ts";
import { readWorkspace } from "../src/shapes/read-workspace.ts";
import { shapeRules } from "../src/shapes/rules.ts";
import { recordRelease } from "../src/spec-changeset/record.ts";
import { ROOT, readManifest, SCOPE, UsageError } from "../src/workspace.ts";
import { changesetsIn, fictionalSpecs, snapshot, VENDORS } from "./workspace.ts";

const DOCUMENTS = join(ROOT, "scripts/test/vendor-documents");
/** What vendors publish: each in another version of OpenAPI, with nothing done for us. */
const documents: [name: string, file: string][] = [
  ["fir-trial", "fir-3.0.yaml"],
  ["ginkgo-trial", "ginkgo-2.0.json"],
  ["hazel-trial", "hazel-3.1.yaml"],
];

// Beneath scripts, so that what is written there resolves the runtime.
const cache = join(ROOT, "scripts/.cache");
mkdirSync(cache, { recursive: true });
const roots: string[] = [];
afterAll(() => {
  for (const root of roots) rmSync(root, { recursive: true, force: true });
});

/** A workspace without a client, with the files that name clients. */
function emptyWorkspace(): string {
  const root = mkdtempSync(join(cache, "new-vendor-"));
  roots.push(root);
  for (const folder of ["packages", ".changeset"]) mkdirSync(join(root, folder));
  for (const file of [
    "package.json",
    "tsconfig.base.json",
    "README.md",
    "specs/README.md",
    ".github/workflows/drift.yml",
  ]) {
    mkdirSync(join(root, file, ".."), { recursive: true });
    writeFileSync(join(root, file), readFileSync(join(ROOT, file)));
  }
  return root;
}

const make = (root: string, name: string, file: string, fix = true) =>
  newVendor(root, { name, spec: join(DOCUMENTS, file), fix });
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => "",
    (error: unknown) => (error instanceof UsageError ? error.message : String(error)),
  );

describe("new-vendor, from what a vendor publishes", () => {
  const root = emptyWorkspace();

  test.each(documents)(
    "%s: a package that is fresh, shaped like the others and does what its spec says",
    async (name, file) => {
      const printed = await make(root, name, file);
      expect(printed).toContain(`wrote specs/${name}.yaml, packages/${name} and a changeset`);
      expect(await generate(root, { check: true })).toBe("generated code is up to date");
      const module = await import(pathToFileURL(join(root, "packages", name, "src/index.ts")).href);
      const underTest = { create: module[`create${pascalCase(name)}`], isError: module[`is${pascalCase(name)}Error`] };
      await using mock = await startMock(join(root, "specs", `${name}.yaml`));
      const cases = await conformanceCases(mock.spec);
      expect(cases.length).toBeGreaterThan(1);
      for (const { run } of cases) await run(mock, underTest);
    },
  );

  test.each(Object.keys(fictionalSpecs))("%s, which lacks nothing: as it is", async (name) => {
    const spec = join(VENDORS, `${name}.yaml`);
    expect((await newVendor(root, { name, spec })).split("\n")).toHaveLength(1);
    expect(readFileSync(join(root, "specs", `${name}.yaml`), "utf8")).toBe(readFileSync(spec, "utf8"));
  });

  test("the compiler finds nothing in them, their tests included", async () => {
    writeFileSync(
      join(root, "tsconfig.json"),
      '{ "extends": "./tsconfig.base.json", "compilerOptions": { "noEmit": true } }',
    );
    const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
    expect(await runProcess(process.execPath, [tsc, "-p", root], { cwd: root }).catch(String)).toBe("");
  });

  test("the shape rules find nothing in them", () => {
    const workspace = readWorkspace(root);
    const all = [...documents.map(([name]) => name), ...Object.keys(fictionalSpecs)].sort();
    expect(workspace.packages.map(({ folder }) => folder)).toEqual(all);
    // These look at all packages together, the runtime among them.
    const { "one-openapi-fetch": _, ...rules } = shapeRules;
    expect(Object.values(rules).flatMap((rule) => rule(workspace))).toEqual([]);
  });

  test("each stands where people look for it: a size, a row, a source, a changeset", () => {
    for (const [name] of documents) {
      expect(JSON.stringify(readManifest(root)["size-limit"])).toContain(`packages/${name}/src/index.ts`);
      expect(readFileSync(join(root, "README.md"), "utf8")).toContain(`(packages/${name}/README.md)`);
      expect(readFileSync(join(root, "specs/README.md"), "utf8")).toContain(`## ${name}\n`);
      expect(readFileSync(join(root, `.changeset/new-${name}.md`), "utf8")).toContain(`/${name}": major\n`);
    }
  });

  test("what the vendor says in comments stays, and an example that may hold a secret does not", () => {
    const text = readFileSync(join(root, "specs/hazel-trial.yaml"), "utf8");
    expect(text).toContain("# What the vendor says in comments stays.");
    expect(text).not.toContain("what-a-vendor-shows");
  });

  test("remove-vendor leaves the workspace as it was before", async () => {
    const other = emptyWorkspace();
    const before = snapshot(other);
    await make(other, "fir-trial", "fir-3.0.yaml");
    expect(snapshot(other)).not.toEqual(before);
    expect(removeVendor(other, "fir-trial")).toContain("removed packages/fir-trial, specs/fir-trial.yaml");
    expect(normalised(snapshot(other))).toEqual(normalised(before));
    expect(() => removeVendor(other, "fir-trial")).toThrow('there is no vendor "fir-trial"');
  });
});

test("a vendor that was released and removed can be made again under its name, and released", async () => {
  const root = emptyWorkspace();
  const changesets = changesetsIn(root);
  await make(root, "fir-trial", "fir-3.0.yaml");
  await make(root, "ginkgo-trial", "ginkgo-2.0.json");
  await changesets("version");
  expect(recordRelease(root)).toHaveLength(4);
  const name = `${SCOPE}/fir-trial`;
  const changeset = (file: string, front: string) =>
    writeFileSync(join(root, ".changeset", file), `---\n${front}\n---\n\nA change:\n\n- of something\n`);
  changeset("spec-fir-trial.md", `"${name}": minor`);
  changeset("both.md", `'${name}': patch\n"${SCOPE}/ginkgo-trial": minor`);

  expect(removeVendor(root, "fir-trial")).toContain(
    `specs/released/fir-trial.json, .changeset/spec-fir-trial.md; .changeset/both.md no longer names ${name};`,
  );
  expect(Object.keys(snapshot(root)).filter((file) => file.includes("fir-trial"))).toEqual([]);
  expect(readFileSync(join(root, ".changeset/both.md"), "utf8")).toBe(
    `---\n"${SCOPE}/ginkgo-trial": minor\n---\n\nA change:\n\n- of something\n`,
  );
  await make(root, "fir-trial", "fir-3.0.yaml");
  await changesets("version");
  const versions = ["fir-trial", "ginkgo-trial"].map((each) => readManifest(join(root, "packages", each))["version"]);
  expect(versions).toEqual(["1.0.0", "1.1.0"]);
});

/** Without what formatting decides. */
function normalised(files: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([file, text]) => [file, text.replaceAll(/\s+/g, "")]));
}

describe("new-vendor writes nothing, and says", () => {
  const root = emptyWorkspace();
  const file = join(root, "vendor.yaml");
  const plain = readFileSync(join(DOCUMENTS, "fir-3.0.yaml"), "utf8");
  const login = `  /login:
    post:
      operationId: login
      responses: { "200": { description: OK, content: { application/json: { schema: { $ref: "#/components/schemas/Token" } } } } }
  /things:`;

  test.each<[string, string, string, string]>([
    ["which lines --fix would add, without it", "x-api", plain, "What can be derived, and --fix adds:"],
    ["that a name is none", "X_api", plain, '"X_api" is no name for a package, such as acme-auth'],
    ["that a file is no YAML", "x-api", "a: [1", "vendor.yaml:1 is not YAML or JSON"],
    ["that a file is no OpenAPI document", "x-api", "a: 1", "is no OpenAPI document"],
    [
      "that there are no servers",
      "x-api",
      "openapi: 3.1.0\ninfo: {title: X}\npaths: {}",
      "has no servers; add servers:",
    ],
    [
      "that two operations could issue the token",
      "x-api",
      plain.replace("  /things:", login),
      "createToken and login both look",
    ],
    [
      "that an exchange needs the token it issues",
      "x-api",
      plain.replace("operationId: create_token", "operationId: create_token\n      security: [{ bearer: [] }]"),
      "vendor.yaml:6 house/token-exchange: createToken needs the very token it issues",
    ],
    [
      "where only a person can help",
      "x-api",
      plain.replace("in: query", "in: cookie"),
      'the cookie parameter "kind" is not supported',
    ],
  ])("%s", async (_, name, text, message) => {
    writeFileSync(file, text);
    const before = snapshot(root);
    expect(await refusal(newVendor(root, { name, spec: file, fix: !message.includes("--fix") }))).toContain(message);
    expect(snapshot(root)).toEqual(before);
  });

  test("that a name is taken", async () => {
    expect(await refusal(newVendor(ROOT, { name: "klavi-auth", spec: file }))).toContain(
      "the name klavi-auth is taken",
    );
    expect(await refusal(newVendor(ROOT, { name: "auth-runtime", spec: file }))).toContain(
      "taken by packages/auth-runtime",
    );
  });

  test("that a file is not there", async () => {
    expect(await refusal(newVendor(root, { name: "x-api", spec: "nowhere.yaml" }))).toContain(
      "nowhere.yaml cannot be read (ENOENT)",
    );
  });
});

test("files are placed all together, or none is, and what was there is put back", () => {
  const root = emptyWorkspace();
  writeFileSync(join(root, "taken"), "a file where a folder has to be");
  const before = snapshot(root);
  const files = new Map([
    ["README.md", "another"],
    ["packages/x/new.ts", "new"],
    ["taken/x.ts", "cannot be written"],
  ]);
  expect(() => placeAll(root, files)).toThrow();
  expect(snapshot(root)).toEqual(before);
  expect(existsSync(join(root, "packages/x"))).toBe(false);
});
