import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { specNames } from "../../src/workspace.ts";

// Generates from every spec of a workspace with one tool.
const [tool = "", root = ""] = process.argv.slice(2);
const specs = specNames(root).map((name) => ({ name, file: join(root, "specs", `${name}.yaml`) }));
const folderOf = (name: string) => {
  const folder = join(root, tool, name);
  mkdirSync(folder, { recursive: true });
  return folder;
};

const tools: Record<string, () => Promise<unknown>> = {
  async "openapi-typescript alone"() {
    const { default: openapiTS, astToString } = await import("openapi-typescript");
    for (const { name, file } of specs) {
      const text = astToString(await openapiTS(pathToFileURL(file), { silent: true }));
      writeFileSync(join(folderOf(name), "schema.ts"), text);
    }
  },
  async "`pnpm generate`"() {
    const { generate } = await import("../../src/generate.ts");
    await generate(root);
  },
  async "@hey-api/openapi-ts"() {
    const { createClient } = await import("@hey-api/openapi-ts");
    for (const { name, file } of specs)
      await createClient({
        input: file,
        output: folderOf(name),
        plugins: ["@hey-api/typescript", "@hey-api/sdk", "@hey-api/client-fetch"],
        logs: { level: "silent", file: false },
      });
  },
};
await tools[tool]?.();
