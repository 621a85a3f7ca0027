import { readFile } from "node:fs/promises";
import { upgrade } from "@scalar/openapi-upgrader";
import { LineCounter, parseDocument, stringify } from "yaml";
import { UsageError } from "../workspace.ts";

export interface Source {
  /** The document as it lies there, for its lines. */
  original: string;
  /** The same as OpenAPI 3.1 in YAML. */
  text: string;
  /** What was done to make it that. */
  notes: string[];
}

/** A vendor's document as OpenAPI 3.1 in YAML, and what was done to make it that. Throws {@link UsageError} for what is none. */
export async function readSource(file: string): Promise<Source> {
  const original = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`[new-vendor] ${file} cannot be read (${error.code})`);
  });
  const lineCounter = new LineCounter();
  const parsed = parseDocument(original, { lineCounter });
  const [mistake] = parsed.errors;
  if (mistake)
    throw new UsageError(
      `[new-vendor] ${file}:${lineCounter.linePos(mistake.pos[0]).line} is not YAML or JSON: ${mistake.message.replace(/ at line \d[\s\S]*$/, "")}`,
    );
  const document = parsed.toJS({ maxAliasCount: -1 }) as {
    openapi?: unknown;
    swagger?: unknown;
    servers?: unknown[];
  } | null;
  const version = String(document?.openapi ?? document?.swagger);
  if (!/^(2\.0|3\.[01]\.\d+)$/.test(version))
    throw new UsageError(`[new-vendor] ${file} is no OpenAPI document; it has to begin with openapi: 3.1.0, say`);
  if (/^3\.1/.test(version)) {
    const isYaml = !original.trimStart().startsWith("{");
    return {
      text: isYaml ? original : stringify(document, { lineWidth: 0, aliasDuplicateObjects: false }),
      notes: [],
      original,
    };
  }
  const upgraded = upgrade(document as never, "3.1") as object;
  return {
    original,
    text: stringify(upgraded, { lineWidth: 0, aliasDuplicateObjects: false }),
    notes: [`converted from OpenAPI ${version} to 3.1`],
  };
}
