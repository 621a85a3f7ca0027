import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pascalCase } from "../emit/names.ts";
import { SCOPE } from "../workspace.ts";

/** The workspace's own files that name each client package. */
const MANIFEST = "package.json";
const README = "README.md";
const SOURCES = "specs/README.md";
const DRIFT = ".github/workflows/drift.yml";

interface Listed {
  name: string;
  title: string;
  operations: number;
  /** Where the document came from, and what was derived. */
  origin: readonly string[];
}

/** Those files with one more client in them. */
export function withVendor(root: string, { name, title, operations, origin }: Listed): Map<string, string> {
  const row = `| [\`${SCOPE}/${name}\`](packages/${name}/README.md) | ${title} | its client |`;
  return edited(root, {
    [MANIFEST]: (text) => sizes(text, (limits) => [...limits, sizeOf(name, operations)]),
    // Clients stand before the packages that know no vendor.
    [README]: (text) => text.replace(runtimeRow, `${row}\n$&`),
    [SOURCES]: (text) => `${text.trimEnd()}\n\n## ${name}\n\n${origin.map((line) => `- ${line}`).join("\n")}\n`,
  });
}

/** Those files without a client. */
export function withoutVendor(root: string, name: string): Map<string, string> {
  return edited(root, {
    [MANIFEST]: (text) => sizes(text, (limits) => limits.filter(({ path }) => !path.startsWith(`packages/${name}/`))),
    [README]: (text) => text.replace(new RegExp(`^\\| \\[\`${SCOPE}/${name}\`\\].*\\n`, "m"), ""),
    [DRIFT]: (text) => text.replace(new RegExp(`^ *- \\{ package: ${name},.*\\n`, "m"), ""),
    [SOURCES]: (text) => text.replace(new RegExp(`\\n## ${name}\\n[\\s\\S]*?(?=\\n## |$(?![\\s\\S]))`), ""),
  });
}

const runtimeRow = new RegExp(`^\\| \\[\`${SCOPE}/auth-runtime\`\\]`, "m");

interface SizeLimit {
  path: string;
  import: string;
  limit: string;
  gzip: true;
}

/** What a spec that uses every feature comes to, and a line of data for each operation. */
function sizeOf(name: string, operations: number): SizeLimit {
  const limit = `${(14.5 + operations / 20).toFixed(1)} kB`;
  return { path: `packages/${name}/src/index.ts`, import: `{ create${pascalCase(name)} }`, limit, gzip: true };
}

function sizes(text: string, change: (limits: SizeLimit[]) => SizeLimit[]): string {
  const manifest = JSON.parse(text) as { "size-limit": SizeLimit[] };
  return `${JSON.stringify({ ...manifest, "size-limit": change(manifest["size-limit"]) }, null, 2)}\n`;
}

function edited(root: string, edits: Record<string, (text: string) => string>): Map<string, string> {
  return new Map(Object.entries(edits).map(([file, edit]) => [file, edit(readFileSync(join(root, file), "utf8"))]));
}
