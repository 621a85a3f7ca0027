import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import openapiTS, { astToString } from "openapi-typescript";
import { afterAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { emitPackage } from "../src/emit/package-files.ts";
import { generate } from "../src/generate.ts";
import { UsageError } from "../src/workspace.ts";
import { addPackage, createWorkspace, fictionalSpecs, run, snapshot } from "./workspace.ts";

const spec = fictionalSpecs["cedar-text"] as string;
const other = fictionalSpecs["dogwood-forever"] as string;
const workspaces: { remove: () => void }[] = [];
afterAll(() => {
  for (const workspace of workspaces) workspace.remove();
});
const workspaceWith = (specs: Record<string, string>) => {
  const workspace = createWorkspace(specs);
  workspaces.push(workspace);
  return workspace.root;
};
/** The message a command would print before it exits with 1. */
async function refusal(work: Promise<string>): Promise<string> {
  const error = await work.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UsageError);
  return (error as UsageError).message;
}

describe("generate", () => {
  test("as a command: what this repository commits is what its specs generate to", async () => {
    expect(await run("generate.ts", "--check")).toEqual({ code: 0, output: "generated code is up to date\n" });
  });

  test("writes the five files of each package, then nothing more, and rewrites only the package whose spec changed", async () => {
    const root = workspaceWith({ "cedar-text": spec, "dogwood-forever": other });
    expect((await generate(root)).split("\n")).toHaveLength(10);
    expect(await generate(root)).toBe("generated code is up to date");
    const before = snapshot(join(root, "packages"));
    writeFileSync(
      join(root, "specs/cedar-text.yaml"),
      spec.replace("summary: Log", "summary: Sign").replace("summary: Get a thing", "summary: Fetch a thing"),
    );
    await generate(root);
    const after = snapshot(join(root, "packages"));
    const changed = Object.keys(after).filter((file) => after[file] !== before[file]);
    expect(changed.length).toBeGreaterThan(0);
    expect(changed.every((file) => file.includes("packages/cedar-text/src/generated/"))).toBe(true);
  });

  test("removes what it did not write, because the folder is wholly its own", async () => {
    const root = workspaceWith({ "cedar-text": spec });
    const folder = join(root, "packages/cedar-text/src/generated");
    mkdirSync(join(folder, "old"), { recursive: true });
    writeFileSync(join(folder, "old/leftover.ts"), "");
    await generate(root);
    expect(Object.keys(snapshot(folder)).map((file) => file.slice(folder.length + 1))).toEqual([
      "client.ts",
      "index.ts",
      "openapi.yaml",
      "schema.ts",
      "vendor.ts",
    ]);
  });
});

test.each(Object.entries(fictionalSpecs))(
  "the types of %s are those that openapi-typescript makes",
  async (name, text) => {
    const document = parse(text);
    const schema = emitPackage({ name, packageName: `@test/${name}`, text, document }).get("schema.ts");
    const types = await openapiTS(structuredClone(document), { defaultNonNullable: false, silent: true });
    expect(schema?.slice(schema.indexOf("\n\n") + 2)).toBe(astToString(types));
  },
);

describe("generate --check", () => {
  const cases: [string, (folder: string) => void][] = [
    ["missing", (folder) => rmSync(join(folder, "vendor.ts"))],
    ["different", (folder) => appendFileSync(join(folder, "client.ts"), "// a hand edit under an intact header\n")],
    ["extra", (folder) => writeFileSync(join(folder, "notes.ts"), "")],
  ];
  test.each(cases)("fails for a file that is %s and names the command that repairs it", async (reason, damage) => {
    const root = workspaceWith({ "cedar-text": spec });
    await generate(root);
    await generate(root, { check: true });
    damage(join(root, "packages/cedar-text/src/generated"));
    const damaged = snapshot(root);
    const output = await refusal(generate(root, { check: true }));
    expect(output).toMatch(new RegExp(`^${reason} +packages/cedar-text/src/generated/`));
    expect(output).toContain("run: pnpm generate");
    expect(snapshot(root)).toEqual(damaged);
  });
});

describe("a spec that cannot be generated from changes nothing on disk and is named by file, line and rule", () => {
  const broken: [string, string, RegExp][] = [
    ["is not YAML", spec.replace("info:", "info: ["), /^specs\/cedar-text\.yaml:\d+:\d+ error yaml: /],
    ["is not OpenAPI", "hello: world\n", /^specs\/cedar-text\.yaml:1:1 error openapi: .*begin with openapi: 3\.1\.0/],
    [
      "is not 3.1",
      spec.replace("openapi: 3.1.0", "openapi: 3.0.3"),
      /^specs\/cedar-text\.yaml:1:\d+ error house\/openapi-3-1: .*convert it to 3\.1/m,
    ],
    [
      "has a duplicate operationId",
      spec.replace("operationId: getThing", "operationId: createToken"),
      /^specs\/cedar-text\.yaml:\d+:\d+ error house\/operation-ids: the operationId "createToken" is taken/m,
    ],
    [
      "has an exchange that names no operation",
      spec.replace("        operationId: createToken", "        operationId: createTokens"),
      /^specs\/cedar-text\.yaml:\d+:\d+ error house\/token-exchange: no operation of this document is called "createTokens"/m,
    ],
    [
      "has a pointer that resolves nowhere",
      spec.replace("token: $response.body", "token: $response.body#/token"),
      /^specs\/cedar-text\.yaml:\d+:\d+ error house\/token-exchange: \$response\.body#\/token resolves in no success response/m,
    ],
    [
      "has an example that does not validate",
      spec.replace("id: thing-1", "id: 1"),
      /^specs\/cedar-text\.yaml:\d+:\d+ error no-invalid-media-type-examples: /m,
    ],
    [
      "says 3.1 as a number",
      spec.replace("openapi: 3.1.0", "openapi: 3.1"),
      /^specs\/cedar-text\.yaml:1:1 error openapi: .*begin with openapi: 3\.1\.0/m,
    ],
    [
      "has an operation whose types would hide the generator's own",
      spec.replace("operationId: getThing", "operationId: status"),
      /^specs\/cedar-text\.yaml:\d+ error generate: the operation "status" would be exported as StatusError/m,
    ],
    [
      "has a mistake only generation finds, beside a warning",
      spec
        .replaceAll("Problem", "CreateTokenError")
        .replace(
          "      security: []\n",
          "      security: []\n      parameters: [{ name: user, in: query, schema: { type: string } }]\n",
        ),
      /^specs\/cedar-text\.yaml:\d+ error generate: the schema "CreateTokenError" would be exported as/m,
    ],
    [
      "has a schema whose name is taken",
      spec.replaceAll("Problem", "CreateTokenError"),
      /^specs\/cedar-text\.yaml:\d+ error generate: the schema "CreateTokenError" would be exported as/m,
    ],
  ];
  test.each(broken)("%s", async (_, text, message) => {
    const root = workspaceWith({ "cedar-text": spec, "dogwood-forever": other });
    await generate(root);
    writeFileSync(join(root, "specs/cedar-text.yaml"), text);
    writeFileSync(join(root, "specs/dogwood-forever.yaml"), other.replace("summary: Log in", "summary: Sign in"));
    const before = snapshot(root);
    for (const _time of ["at first", "and until it is mended"]) expect(await refusal(generate(root))).toMatch(message);
    expect(snapshot(root)).toEqual(before);
  });

  test("the line it names is the one with the mistake", async () => {
    const root = workspaceWith({ "cedar-text": spec.replace("token: $response.body", "token: $response.body#/token") });
    const line =
      readFileSync(join(root, "specs/cedar-text.yaml"), "utf8")
        .split("\n")
        .findIndex((text) => text.includes("#/token")) + 1;
    expect(await refusal(generate(root))).toContain(`specs/cedar-text.yaml:${line}:`);
  });
});

describe("specs and packages come in pairs", () => {
  test("a spec without a package is refused", async () => {
    const root = workspaceWith({ "cedar-text": spec });
    rmSync(join(root, "packages/cedar-text"), { recursive: true });
    expect(await refusal(generate(root))).toBe(
      "[generate] specs/cedar-text.yaml has no package; add packages/cedar-text or remove the spec",
    );
  });

  test("a package without a spec is refused", async () => {
    const root = workspaceWith({ "cedar-text": spec });
    addPackage(root, "elm-auth");
    expect(await refusal(generate(root))).toBe(
      "[generate] packages/elm-auth has no spec; add specs/elm-auth.yaml or remove the package",
    );
  });
});
