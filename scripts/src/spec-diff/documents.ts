import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { LineCounter, parseDocument } from "yaml";
import type { OpenApiDocument } from "../spec/document.ts";
import { UsageError } from "../workspace.ts";

/** One side of a comparison. */
export interface SpecText {
  /** Where it was read, as a person would say it. */
  readonly label: string;
  readonly text: string;
  readonly document: OpenApiDocument;
}

/** Where the spec lies that a package's last release was generated from. */
export function releasedSpec(name: string): string {
  return join("specs", "released", `${name}.yaml`);
}

/** A spec of the workspace as it is. */
export async function currentSpec(root: string, name: string): Promise<SpecText> {
  const file = join("specs", `${name}.yaml`);
  return parseSpec(file, await readFile(join(root, file), "utf8"));
}

/** The spec to compare with: the released one, or what `base` (a file, or a git ref) holds. `undefined` if never released. */
export async function baseSpec(root: string, name: string, base: string | undefined): Promise<SpecText | undefined> {
  if (base === undefined) {
    const file = releasedSpec(name);
    return existsSync(join(root, file)) ? parseSpec(file, await readFile(join(root, file), "utf8")) : undefined;
  }
  const path = resolve(root, base);
  if (existsSync(path)) return parseSpec(base, await readFile(path, "utf8"));
  const blob = `${base}:specs/${name}.yaml`;
  const shown = await promisify(execFile)("git", ["show", blob], { cwd: root, maxBuffer: 2 ** 26 }).catch(() => {
    throw new UsageError(
      `[spec:diff] ${base} is no file, and git knows no ${blob}; pass a file or a git ref that has it`,
    );
  });
  return parseSpec(blob, shown.stdout);
}

/** Reads an OpenAPI 3.1 document. Throws {@link UsageError} with the place and one sentence for anything else. */
export function parseSpec(label: string, text: string): SpecText {
  const lineCounter = new LineCounter();
  const parsed = parseDocument(text, { lineCounter });
  const [error] = parsed.errors;
  if (error) {
    const { line } = lineCounter.linePos(error.pos[0]);
    throw new UsageError(`[spec:diff] ${label}:${line} does not parse: ${error.message.split(/ at line \d|\n/)[0]}`);
  }
  const document = parsed.toJS() as OpenApiDocument | null;
  const version = typeof document === "object" ? String(document?.openapi ?? "") : "";
  if (!version.startsWith("3.1")) {
    throw new UsageError(
      `[spec:diff] ${label} is ${version ? `OpenAPI ${version}` : "no OpenAPI document"}; specs are OpenAPI 3.1`,
    );
  }
  return { label, text, document: document as OpenApiDocument };
}
