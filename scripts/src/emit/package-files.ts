import openapiTS, { astToString } from "openapi-typescript";
import type { OpenApiDocument } from "../spec/document.ts";
import { modelOf } from "../spec/model.ts";
import { emitClient } from "./client.ts";
import { pascalCase } from "./names.ts";
import { emitVendor } from "./vendor.ts";

export interface SpecSource {
  /** The spec's name, which is also its package's folder: `klavi-auth`. */
  name: string;
  /** The name the package is published under. */
  packageName: string;
  text: string;
  document: OpenApiDocument;
}

/** The files of a package's `src/generated/`, by name. Throws `SpecError` for a spec that cannot be generated from. */
export async function emitPackage({ name, packageName, text, document }: SpecSource): Promise<Map<string, string>> {
  const model = modelOf(document);
  const client = emitClient(model, pascalCase(name));
  // Defaults are the vendor's promise about requests it receives, never about what a response holds.
  const schema = astToString(
    await openapiTS(structuredClone(document) as never, { defaultNonNullable: false, silent: true }),
  );
  const exported = [...client.matchAll(/^export (?:type|interface) (\w+)/gm)].map(([, type]) => type as string).sort();
  const index = `export type {\n${exported.map((type) => `  ${type},\n`).join("")}} from "./client.ts";\n`;
  const note = `Generated from specs/${name}.yaml by \`pnpm generate\`. Do not edit.`;
  // The editor's schema line points into this repository, which the published document is not in.
  const openapi = text.replace(/^# yaml-language-server:.*\r?\n/, "");
  return new Map([
    ["schema.ts", `// ${note}\n\n${schema}`],
    ["vendor.ts", `// ${note}\n\n${emitVendor(model, packageName)}`],
    ["client.ts", `// ${note}\n\n${client}`],
    ["index.ts", `// ${note}\n\n${index}`],
    ["openapi.yaml", `# ${note}\n${openapi}`],
  ]);
}
