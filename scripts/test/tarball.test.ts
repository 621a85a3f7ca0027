import { join } from "node:path";
import { build, type Metafile } from "esbuild";
import { describe, expect, test } from "vitest";
import { expectedFiles, installedWith, wrongFiles } from "../src/release/tarball.ts";
import { clientFolders, ROOT, readManifest, SCOPE } from "../src/workspace.ts";

const clients = clientFolders(ROOT);
const entry = (folder: string) => join(ROOT, "packages", folder, "src/index.ts");

/** What is left of some imports once they are bundled, and from which files. */
async function bundle(contents: string): Promise<{ code: string; inputs: string[] }> {
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: ROOT },
    ...{ bundle: true, minify: true, format: "esm", platform: "neutral", write: false, metafile: true },
  });
  const [output] = Object.values((metafile as Metafile).outputs);
  const used = Object.entries(output?.inputs ?? {}).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  return { code: outputFiles[0]?.text ?? "", inputs: used.map(([file]) => file) };
}

/** What is written by hand beside the entry, and so is shipped beside it. */
const FURTHER: Record<string, string[]> = {
  "smooch-keys": ["jwt", "rotate", "rotation-state"],
  "unith-auth": ["rotate"],
};

describe("a tarball", () => {
  test.each(clients)("of %s holds its modules, its document and nothing else", (folder) => {
    const generated = ["client", "index", "schema", "vendor"].map((module) => `dist/generated/${module}`);
    const own = ["index", ...(FURTHER[folder] ?? [])].map((module) => `dist/${module}`);
    const modules = [...own, ...generated].flatMap((module) => [`${module}.d.ts`, `${module}.js`]);
    expect(expectedFiles(join(ROOT, "packages", folder)).sort()).toEqual(
      ["LICENSE", "README.md", ...modules, "package.json", "src/generated/openapi.yaml"].sort(),
    );
  });

  test.each(["auth-runtime", "mock-servers"])("of %s holds modules and declarations, and no sources", (folder) => {
    const files = expectedFiles(join(ROOT, "packages", folder));
    const others = files.filter((file) => !/^dist\/[\w/-]+\.(d\.ts|js)$/.test(file));
    expect(others).toEqual(["LICENSE", "README.md", "package.json"]);
    expect(files).toContain("dist/index.js");
  });

  test("with a file too many or too few is refused", () => {
    expect(wrongFiles(["dist/a.js", "dist/stale.js"], ["dist/a.js", "dist/a.d.ts"])).toEqual([
      "dist/stale.js is in the tarball, and nothing makes it",
      "dist/a.d.ts is not in the tarball",
    ]);
  });

  test.each(clients)("of %s brings two packages along beside the runtime, and those of its own", (folder) => {
    const path = join(ROOT, "packages", folder);
    const { dependencies } = readManifest(path) as unknown as { dependencies: object };
    const foreign = [...installedWith(path), ...Object.keys(dependencies)].filter((name) => !name.startsWith(SCOPE));
    const own = Object.keys(dependencies).filter((name) => !name.startsWith(SCOPE));
    expect([...new Set(foreign)].sort()).toEqual([...own, "openapi-fetch", "openapi-typescript-helpers"].sort());
    expect(own.length).toBeLessThanOrEqual(1);
  });
});

describe("importing one client", () => {
  test.each(clients)("%s pulls in no byte of another", async (folder) => {
    const others = clients.filter((each) => each !== folder);
    const own = `export * from ${JSON.stringify(entry(folder))};`;
    const alone = await bundle(own);
    const among = await bundle(
      [...others.map((each, index) => `import * as unused${index} from ${JSON.stringify(entry(each))};`), own].join(""),
    );
    expect(among.code).toBe(alone.code);
    const from = new Set(among.inputs.map((file) => /packages\/([\w-]+)\//.exec(file)?.[1]));
    expect([...from].sort()).toEqual(["auth-runtime", folder].sort());
  });
});
