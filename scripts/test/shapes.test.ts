import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { missingPromises, readTests } from "../src/shapes/promises.ts";
import { type PackageShape, readWorkspace, type WorkspaceShape } from "../src/shapes/read-workspace.ts";
import { shapeRules } from "../src/shapes/rules.ts";
import { ROOT, readManifest } from "../src/workspace.ts";

type Breach = [rule: string, what: string, damage: (packages: Record<string, PackageShape>) => void, message: string];

const add = (folder: string, file: string, text: string) => (packages: Record<string, PackageShape>) => {
  const { files } = packages[folder] as PackageShape;
  files[file] = `${text}\n${files[file] ?? ""}`;
};
const klavi = (packages: Record<string, PackageShape>) => packages["klavi-auth"] as PackageShape;
const change = (by: (shape: PackageShape) => Partial<PackageShape>) => (packages: Record<string, PackageShape>) => {
  Object.assign(klavi(packages), by(klavi(packages)));
};
const klaviManifest = readManifest(join(ROOT, "packages/klavi-auth"));
const field = (fields: object) => change(({ manifest }) => ({ manifest: { ...manifest, ...fields } }));

const breaches: Breach[] = [
  [
    "manifest-size",
    "a long manifest",
    change((shape) => ({ manifestText: `${shape.manifestText}${"//\n".repeat(40)}` })),
    "40 are enough",
  ],
  ["manifest-fields", "another name", field({ name: "@org/klavi" }), "packages/klavi-auth is named @org/klavi"],
  ["manifest-fields", "side effects", field({ sideEffects: true }), "sideEffects has to be false"],
  ["manifest-fields", "a further dependency", field({ dependencies: { "left-pad": "1" } }), "dependencies has to be"],
  ["manifest-fields", "an entry that is no file", field({ exports: { "./jwt": "./src/jwt.ts" } }), "exports has to be"],
  [
    "manifest-fields",
    "a further entry that is not published",
    ({ "smooch-keys": smooch }) => {
      const { manifest } = smooch as PackageShape;
      Object.assign(manifest, { publishConfig: klaviManifest["publishConfig"] });
    },
    'publishConfig has to be {"exports":{".":"./dist/index.js","./jwt"',
  ],
  [
    "manifest-fields",
    "an import of what is not installed with it",
    add("klavi-auth", "src/index.ts", 'import { SignJWT } from "jose";'),
    'dependencies has to be {"@org/auth-runtime":"workspace:^","jose":"an exact version"}',
  ],
  [
    "manifest-fields",
    "signed assertions without what signs them",
    add("klavi-auth", "src/generated/vendor.ts", 'import { assertion } from "@org/auth-runtime/assertion";'),
    'dependencies has to be {"@org/auth-runtime":"workspace:^","jose":"an exact version"}',
  ],
  [
    "manifest-fields",
    "a range of versions",
    ({ "smooch-keys": smooch }) => {
      const { manifest } = smooch as PackageShape;
      Object.assign(manifest, { dependencies: { "@org/auth-runtime": "workspace:^", jose: "^6.0.0" } });
    },
    '"jose":"an exact version"',
  ],
  [
    "client-files",
    "no contract test",
    change(({ files: { "test/contract.test.ts": _, ...files } }) => ({ files })),
    "packages/klavi-auth lacks test/contract.test.ts",
  ],
  ["client-entry", "a long entry", add("klavi-auth", "src/index.ts", "//\n".repeat(40)), "40 are enough"],
  [
    "client-entry",
    "no guard",
    change(({ files }) => ({ files: { ...files, "src/index.ts": "export function createKlaviAuth() {}" } })),
    "does not export isKlaviAuthError",
  ],
  [
    "file-size",
    "a long file",
    add("auth-runtime", "src/redact.ts", "//\n".repeat(260)),
    "packages/auth-runtime/src/redact.ts has",
  ],
  [
    "named-exports",
    "a default export",
    add("auth-runtime", "src/redact.ts", "export default 1;"),
    "has a default export",
  ],
  [
    "named-exports",
    "an export of everything",
    add("auth-runtime", "src/index.ts", 'export * from "./http.ts";'),
    "exports everything of ./http.ts",
  ],
  [
    "import-arrows",
    "a vendor that imports another",
    add("klavi-auth", "src/index.ts", 'import { createKuaAuth } from "@org/kua-auth";'),
    "imports @org/kua-auth; from here only auth-runtime may be",
  ],
  [
    "import-arrows",
    "a vendor that ships the mocks",
    add("klavi-auth", "src/index.ts", 'import { startMock } from "@org/mock-servers";'),
    "imports @org/mock-servers",
  ],
  [
    "import-arrows",
    "mocks that import a vendor in a test",
    add("mock-servers", "test/x.test.ts", 'const x = await import("@org/klavi-auth");'),
    "from here only packages from outside the workspace may be",
  ],
  [
    "import-arrows",
    "a runtime that imports a vendor",
    add("auth-runtime", "src/redact.ts", 'import type { Token } from "@org/klavi-auth";'),
    "from here only packages from outside the workspace may be",
  ],
  [
    "import-arrows",
    "generated code that imports a value",
    add("klavi-auth", "src/generated/vendor.ts", 'import { x } from "@org/auth-runtime";'),
    "is generated and imports more than types",
  ],
  [
    "import-arrows",
    "generated code that asks for features outside vendor.ts",
    add("klavi-auth", "src/generated/client.ts", 'import { tokens } from "@org/auth-runtime/features";'),
    "is generated and imports more than types",
  ],
  [
    "import-arrows",
    "a package that imports scripts",
    add("klavi-auth", "test/x.test.ts", 'import { x } from "../../../scripts/src/workspace.ts";'),
    "imports scripts, which is never published",
  ],
  [
    "import-arrows",
    "a package that reaches into another",
    add("klavi-auth", "test/x.test.ts", 'import { x } from "../../kua-auth/src/index.ts";'),
    "reaches out of its package",
  ],
  [
    "one-openapi-fetch",
    "a second import of openapi-fetch",
    add("auth-runtime", "src/http.ts", 'import createClient from "openapi-fetch";'),
    "openapi-fetch has to be imported in one file only",
  ],
  [
    "one-openapi-fetch",
    "openapi-fetch at run time",
    ({ "auth-runtime": runtime }) => {
      const { files } = runtime as PackageShape;
      files["src/typed-client.ts"] = (files["src/typed-client.ts"] ?? "").replace("import type", "import");
    },
    "for its types alone",
  ],
  [
    "no-vendor-names",
    "a runtime that names a vendor",
    add("auth-runtime", "src/redact.ts", "const klaviLifetimeMs = 1;"),
    "names the vendor klavi",
  ],
  [
    "facts-in-specs",
    "a vendor's path in TypeScript",
    add("klavi-auth", "src/index.ts", 'const path = "/monitor/v1/auth";'),
    "repeats /monitor/v1/auth, which its spec says",
  ],
];

const findings = (rule: string, workspace: WorkspaceShape) => shapeRules[rule]?.(workspace).join("\n");

describe("each rule of the packages' shape names its breach", () => {
  test.each(breaches)("%s: %s", (rule, _, damage, message) => {
    const workspace = readWorkspace(ROOT);
    expect(findings(rule, workspace)).toBe("");
    damage(Object.fromEntries(workspace.packages.map((shape) => [shape.folder, shape])));
    expect(findings(rule, workspace)).toContain(message);
  });

  test("and each rule has a breach", () => {
    expect(new Set(breaches.map(([rule]) => rule))).toEqual(new Set(Object.keys(shapeRules)));
  });
});

test("a promise of SECURITY.md whose test was renamed is named", () => {
  const security = readFileSync(join(ROOT, "SECURITY.md"), "utf8");
  const tests = readTests(ROOT);
  expect(missingPromises(security, tests)).toEqual([]);
  const renamed = tests.map((text) => text.replaceAll("sends nothing to any other origin", "sends little elsewhere"));
  expect(missingPromises(security, renamed)).toEqual([
    'SECURITY.md names the test "sends nothing to any other origin", which does not exist',
  ]);
  expect(missingPromises("nothing", tests)).toEqual(["SECURITY.md names no test at all"]);
});
