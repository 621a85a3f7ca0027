import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { generate } from "./generate.ts";
import { type Changeset, pendingBump, pendingChangesets } from "./spec-changeset/pending.ts";
import { isUnrecorded } from "./spec-changeset/record.ts";
import { type Need, requiredBumps } from "./spec-changeset/required.ts";
import { changesetText, clearest, line } from "./spec-changeset/text.ts";
import { highest, isLower } from "./spec-diff/finding.ts";
import { ROOT, runCommand, UsageError } from "./workspace.ts";

/** The changeset of a package that this command owns: written whole, but for a bump that a person raised. */
function ownFile({ name }: Need): string {
  return `.changeset/spec-${name}.md`;
}

/**
 * Regenerates, then writes a changeset for each package whose spec or TypeScript surface is not what was released, with
 * the bump that requires; returns what to print. Throws {@link UsageError}, having written nothing, for a spec with a mistake.
 */
export async function writeChangesets(root: string): Promise<string> {
  const pending = pendingChangesets(root);
  await generate(root);
  const needs = await requiredBumps(root, pending);
  const lines = await Promise.all(needs.map((need) => writeChangeset(root, need, pending)));
  return lines.flat().join("\n") || "changesets are up to date";
}

async function writeChangeset(root: string, need: Need, pending: readonly Changeset[]): Promise<string[]> {
  const file = ownFile(need);
  const old = pending.find((changeset) => changeset.file === file);
  if (need.version === undefined) return [neverReleased(need, pending)];
  if (need.findings.length === 0) {
    if (old) await rm(join(root, file));
    const removed = old ? [`removed ${file}: nothing it described is left`] : [];
    return [
      ...removed,
      ...problemsOf(
        need,
        pending.filter((changeset) => changeset !== old),
      ),
    ];
  }
  const raised = old ? pendingBump([old], need.packageName) : undefined;
  const text = `---\n"${need.packageName}": ${highest([need.bump, raised])}\n---\n\n${changesetText(need.findings)}\n`;
  if (old?.text === text) return [];
  await mkdir(join(root, ".changeset"), { recursive: true });
  await writeFile(join(root, file), text);
  return [`wrote ${file}: ${need.packageName} ${highest([need.bump, raised])}`];
}

/** Throws {@link UsageError} where pending changesets are lower than what changed requires, with the command that repairs it. */
export async function checkChangesets(root: string): Promise<string> {
  const pending = pendingChangesets(root);
  const needs = await requiredBumps(root, pending);
  const problems = needs.flatMap((need) =>
    isUnrecorded(root, need.name) ? [unrecorded(need)] : problemsOf(need, pending),
  );
  if (problems.length > 0) throw new UsageError(problems.join("\n"));
  return `${needs.length} packages, ${pending.length} changesets: each package has the bump it requires`;
}

function problemsOf(need: Need, pending: readonly Changeset[]): string[] {
  const { packageName, version, bump, findings } = need;
  const given = pendingBump(pending, packageName);
  if (version === undefined) return given ? [] : [neverReleased(need, pending)];
  if (!isLower(given, bump)) return [];
  const has = given ? `its changesets say ${given}` : "no changeset names it";
  const since = `[spec:changeset] ${packageName} changed since ${version}`;
  const [reason] = clearest(findings).filter((finding) => finding.bump === bump);
  return reason
    ? [`${since} and requires ${bump}, but ${has} (${line(reason)}); run: pnpm spec:changeset`]
    : [`${since}, but ${has}; describe the change: pnpm changeset`];
}

function unrecorded({ name, packageName, version = "nothing" }: Need): string {
  return `[spec:changeset] ${packageName} has a new version, and specs/released/${name}.json records ${version}; run: pnpm release:version`;
}

function neverReleased({ packageName }: Need, pending: readonly Changeset[]): string {
  const given = pendingBump(pending, packageName);
  const state = `[spec:changeset] ${packageName} was never released`;
  return given
    ? `${state}; its first release is a ${given}`
    : `${state} and no changeset names it; run: pnpm changeset`;
}

if (import.meta.main) {
  await runCommand(async () => {
    const { values } = parseArgs({ options: { check: { type: "boolean", default: false } } });
    console.log(values.check ? await checkChangesets(ROOT) : await writeChangesets(ROOT));
  });
}
