import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { isReference, METHODS, type OpenApiDocument, pointerKeys } from "../spec/document.ts";
import type { Bump } from "./finding.ts";

/** A change as `redocly diff --format json` reports it, with references followed. */
export interface Change {
  /** A JSON pointer behind `#`. */
  readonly path: string;
  /** What it points to, such as `Operation`, `Schema` or `Response`. */
  readonly typeName: string;
  readonly kind: "added" | "removed" | "modified";
  readonly impact: Bump;
  readonly verdicts: readonly { readonly ruleId: string; readonly impact: Bump; readonly message: string }[];
  /** The member that was modified. */
  readonly property?: string;
  readonly base?: { readonly value?: unknown };
  readonly revision?: { readonly value?: unknown };
}

const CLI = createRequire(import.meta.url).resolve("@redocly/cli/bin/cli.js");
const CONFIG = fileURLToPath(new URL("redocly.yaml", import.meta.url));
/** The version of the report this was written for; the command is experimental upstream. */
const REPORT_VERSION = "1";

/** Every change between two files. Throws with Redocly's own words if it cannot compare them. */
export async function redoclyChanges(base: string, revision: string): Promise<Change[]> {
  const args = [CLI, "diff", base, revision, "--config", CONFIG, "--format", "json", "--fail-on", "none"];
  const env = { ...process.env, REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true", NO_COLOR: "1" };
  const { failed, stdout, stderr } = await new Promise<{ failed: boolean; stdout: string; stderr: string }>((done) => {
    execFile(process.execPath, args, { env, maxBuffer: 2 ** 26 }, (error, stdout, stderr) =>
      done({ failed: error !== null, stdout, stderr }),
    );
  });
  if (failed) throw new Error(`[spec:diff] Redocly could not compare ${base} with ${revision}:\n${stderr.trim()}`);
  const { reportVersion, changes } = JSON.parse(stdout) as { reportVersion: string; changes: Change[] };
  if (reportVersion !== REPORT_VERSION) {
    throw new Error(`[spec:diff] Redocly's report is version ${reportVersion}; src/spec-diff reads ${REPORT_VERSION}`);
  }
  return changes;
}

/** The operation a change belongs to, by its operationId in either document. */
export function operationAt({ path }: Change, documents: readonly OpenApiDocument[]): string | undefined {
  const [paths, template = "", method = ""] = pointerKeys(path);
  if (paths !== "paths") return undefined;
  if (!METHODS.some((each) => each === method)) return template;
  const found = documents.map((document) => document.paths?.[template]?.[method as "get"]?.operationId);
  return found.find((id) => id !== undefined) ?? `${method.toUpperCase()} ${template}`;
}

/** The member, parameter or status a change is about. */
export function memberAt({ path, property }: Change, documents: readonly OpenApiDocument[]): string | undefined {
  const keys = pointerKeys(path);
  const named = keys.findLastIndex(
    (key, index) => ["properties", "parameters", "responses"].includes(key) && index > 0,
  );
  const key = keys[named + 1];
  if (named < 0 || key === undefined) return property;
  if (keys[named] !== "parameters") return key;
  const parameters = documents.map((document) => parameterName(document, keys.slice(0, named + 2)));
  return parameters.find((name) => name !== undefined) ?? key;
}

function parameterName(document: unknown, keys: readonly string[]): string | undefined {
  let value = document;
  for (const key of keys) value = (value as Record<string, unknown> | undefined)?.[key];
  return isReference(value) ? value.$ref.split("/").at(-1) : (value as { name?: string } | undefined)?.name;
}

/** Whether a change is in what a caller sends, in what comes back, or in neither. */
export function sideOf({ path }: Change): "request" | "response" | undefined {
  const keys = pointerKeys(path);
  if (keys.includes("responses")) return "response";
  return keys.includes("requestBody") || keys.includes("parameters") ? "request" : undefined;
}
