import { SCOPE } from "../workspace.ts";

/** What the manifests of all client packages share, but for entries beside the main one and what their code depends on. */
export function clientFields(
  further: readonly string[] = [],
  dependencies: Record<string, string> = {},
): Record<string, unknown> {
  const openapi = "./src/generated/openapi.yaml";
  const entry = (name: string) => `./dist/${name}.js`;
  return {
    files: ["dist", "src/generated/openapi.yaml"],
    exports: {
      ".": "./src/index.ts",
      ...Object.fromEntries(further.map((name) => [`./${name}`, `./src/${name}.ts`])),
      "./schema": "./src/generated/schema.ts",
      "./openapi.yaml": openapi,
    },
    publishConfig: {
      exports: {
        ".": entry("index"),
        ...Object.fromEntries(further.map((name) => [`./${name}`, entry(name)])),
        "./schema": entry("generated/schema"),
        "./openapi.yaml": openapi,
      },
    },
    scripts: {
      build: "tsc -p src",
      types: "tsc --noEmit",
      tarball: "node ../../scripts/src/check-tarball.ts",
      test: "vitest run --config ../../vitest.config.ts",
    },
    dependencies: { [`${SCOPE}/auth-runtime`]: "workspace:^", ...dependencies },
    devDependencies: { [`${SCOPE}/mock-servers`]: "workspace:^" },
  };
}
