import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type Document, LineCounter, parseDocument } from "yaml";

export interface Problem {
  file: string;
  line: number;
  column: number;
  rule: string;
  severity: "error" | "warn";
  message: string;
  /** The JSON pointer of the place, if the linter knows one. */
  pointer?: string | undefined;
}

const CONFIG = fileURLToPath(new URL("../../../redocly.yaml", import.meta.url));
const CLI = createRequire(import.meta.url).resolve("@redocly/cli/bin/cli.js");

/** Lints the files, all in one process, with the house's configuration; throws only if the linter itself fails. */
export async function lintSpecs(files: readonly string[], cwd: string): Promise<Problem[]> {
  const read = await Promise.all(files.map((file) => readSpec(file, cwd)));
  const readable = read.filter(({ problems }) => problems.length === 0).map(({ file }) => file);
  return [...read.flatMap(({ problems }) => problems), ...(await lintReadable(readable, cwd))];
}

/** A file with what keeps it from being linted at all, if anything does. */
export interface ReadSpec {
  file: string;
  text: string;
  /** What the text says; worth nothing where there are problems. */
  document: unknown;
  problems: Problem[];
}

/** Reads a file once for all who need it. Redocly would stop at the first that cannot be read, without a line. */
export async function readSpec(file: string, cwd: string): Promise<ReadSpec> {
  const text = await readFile(resolve(cwd, file), "utf8");
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter });
  const problems = readProblems(file, document, lineCounter);
  return { file, text, document: problems.length > 0 ? undefined : document.toJS(), problems };
}

function readProblems(file: string, document: Document.Parsed, lineCounter: LineCounter): Problem[] {
  const problem = (rule: string, message: string, offset: number): Problem => {
    const { line, col } = lineCounter.linePos(offset);
    return { file, line, column: col, rule, severity: "error", message };
  };
  const syntax = document.errors.map(({ message, pos }) =>
    problem("yaml", message.replace(/ at line \d[\s\S]*$/, ""), pos[0]),
  );
  if (syntax.length > 0) return syntax;
  // Redocly stops at any other version without saying where.
  const isOpenApi = /^3\.\d+\.\d+$/.test(String(document.get("openapi"))) || document.get("swagger") === "2.0";
  return isOpenApi ? [] : [problem("openapi", "this is no OpenAPI document; begin with openapi: 3.1.0", 0)];
}

/** Lints files that were read without problems, all in one process. */
export async function lintReadable(files: readonly string[], cwd: string): Promise<Problem[]> {
  if (files.length === 0) return [];
  const args = [CLI, "lint", ...files, "--config", CONFIG, "--format", "json", "--max-problems", "1000"];
  const { stdout, stderr } = await run(args, cwd);
  // One JSON document for each file, with nothing between them.
  const reports = stdout.split(/(?<=^\})(?=\{)/m).filter((text) => text.trim() !== "");
  if (reports.length !== files.length) throw new Error(`[lint] Redocly failed:\n${stderr.trim() || stdout.trim()}`);
  return reports.flatMap((report, index) =>
    (JSON.parse(report) as RedoclyReport).problems.map(
      ({ location: [location], ruleId, severity, message }): Problem => {
        const { line = 1, col = 1 } = location?.start ?? {};
        const { pointer } = location ?? {};
        return { file: files[index] ?? "", line, column: col, rule: ruleId, severity, message, pointer };
      },
    ),
  );
}

export function printProblem({ file, line, column, rule, severity, message }: Problem): string {
  return `${file}:${line}:${column} ${severity} ${rule}: ${message}`;
}

interface RedoclyReport {
  problems: {
    ruleId: string;
    severity: "error" | "warn";
    message: string;
    location: { start?: { line: number; col: number }; pointer?: string }[];
  }[];
}

function run(args: string[], cwd: string): Promise<{ stdout: string; stderr: string }> {
  const env = { ...process.env, REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" };
  // Findings make the linter exit with 1, so the exit code says nothing a report does not say better.
  return new Promise((done) => {
    execFile(process.execPath, args, { cwd, env, maxBuffer: 2 ** 26 }, (_error, stdout, stderr) =>
      done({ stdout, stderr }),
    );
  });
}
