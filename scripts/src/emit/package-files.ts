import {
  astToString,
  type GlobalContext,
  type OpenAPI3,
  resolveRef,
  scanDiscriminators,
  transformSchema,
} from "openapi-typescript";
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
export function emitPackage({ name, packageName, text, document }: SpecSource): Map<string, string> {
  const model = modelOf(document);
  const client = emitClient(model, pascalCase(name));
  const schema = emitSchema(document);
  const exported = [...client.matchAll(/^export (?:type|interface) (\w+)/gm)].map(([, type]) => type as string).sort();
  const index = `export type {\n${exported.map((type) => `  ${type},\n`).join("")}} from "./client.ts";\n`;
  const note = noteOf(name);
  return new Map([
    ["schema.ts", `// ${note}\n\n${schema}`],
    ["vendor.ts", `// ${note}\n\n${emitVendor(model, packageName)}`],
    ["client.ts", `// ${note}\n\n${client}`],
    ["index.ts", `// ${note}\n\n${index}`],
    ["openapi.yaml", emitDocument(name, text)],
  ]);
}

/**
 * The types of openapi-typescript: of its steps the last alone, because the spec is linted and refers to nothing outside itself;
 * they are two fifths of what it takes.
 */
function emitSchema(document: OpenApiDocument): string {
  const schema = structuredClone(document) as unknown as OpenAPI3;
  const context: Partial<GlobalContext> = {
    // Defaults are the vendor's promise about requests it receives, never about what a response holds.
    defaultNonNullable: false,
    discriminators: scanDiscriminators(schema, { silent: true }),
    injectFooter: [],
    silent: true,
    resolve: ($ref) => resolveRef(schema, $ref, { silent: true }),
  };
  return astToString(transformSchema(schema, context as GlobalContext));
}

const noteOf = (name: string) => `Generated from specs/${name}.yaml by \`pnpm generate\`. Do not edit.`;

/** The spec as it is published with its package: the editor's schema line points into this repository, which that is not in. */
export function emitDocument(name: string, text: string): string {
  return `# ${noteOf(name)}\n${text.replace(/^# yaml-language-server:.*\r?\n/, "")}`;
}
