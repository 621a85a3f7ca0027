import { join } from "node:path";
import { pascalCase } from "../../emit/names.ts";
import { emitPackage, type SpecSource } from "../../emit/package-files.ts";
import { ROOT } from "../../workspace.ts";
import type { Surface } from "./program.ts";

/** The surface a package generated from a document has. Throws `SpecError` for a document nothing can be generated from. */
export async function generatedSurface(source: SpecSource): Promise<Surface> {
  const emitted = emitPackage(source);
  const prefix = pascalCase(source.name);
  // What every client package writes by hand, and the shape rules hold it to.
  const entry = `import type { ${prefix}, ${prefix}Error, ${prefix}Options } from "./generated.ts";
export * from "./generated.ts";
export declare function create${prefix}(options: ${prefix}Options): ${prefix};
export declare function is${prefix}Error(error: unknown): error is ${prefix}Error;
`;
  return {
    files: new Map([
      ["index.ts", entry],
      ["generated.ts", emitted.get("index.ts") ?? ""],
      ["client.ts", emitted.get("client.ts") ?? ""],
      ["schema.ts", emitted.get("schema.ts") ?? ""],
    ]),
    entries: { ".": "index.ts", "./schema": "schema.ts" },
    folder: join(ROOT, "scripts"),
  };
}
