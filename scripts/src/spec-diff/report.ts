import { type Finding, highest, isLower } from "./finding.ts";
import { bumpOf, type Verdict } from "./verdict.ts";

/** What changed, by operation, in Markdown. */
export function markdownReport(verdicts: readonly Verdict[]): string {
  return verdicts.map(section).join("\n");
}

function section(verdict: Verdict): string {
  const { packageName, bump, base, findings } = verdict;
  const heading = `## ${packageName}: ${bump ?? "no change"}\n\nCompared with ${base.label}.\n`;
  const groups = [...byOperation(findings)].map(
    ([operation, own]) => `\n### ${operation}\n\n${own.toSorted(byBump).map(line).join("")}`,
  );
  return heading + groups.join("");
}

function byOperation(findings: readonly Finding[]): Map<string, Finding[]> {
  return Map.groupBy(findings, ({ operation }) => operation ?? "The whole document");
}

function byBump(one: Finding, other: Finding): number {
  return isLower(one.bump, other.bump) ? 1 : isLower(other.bump, one.bump) ? -1 : 0;
}

function line({ bump, message, judge, rule, downgraded }: Finding): string {
  const why = downgraded ? `; ${downgraded.from} but for this: ${downgraded.reason}` : "";
  return `- **${bump}** ${message} (${judge}: ${rule}${why})\n`;
}

/** The same for machines. */
export function jsonReport(verdicts: readonly Verdict[]): string {
  const packages = verdicts.map((verdict) => ({
    package: verdict.packageName,
    base: verdict.base.label,
    revision: verdict.revision.label,
    bump: verdict.bump ?? null,
    redocly: bumpOf(verdict, "redocly") ?? null,
    types: bumpOf(verdict, "types") ?? null,
    rules: bumpOf(verdict, "rules") ?? null,
    findings: verdict.findings,
  }));
  return JSON.stringify({ bump: highest(verdicts.map(({ bump }) => bump)) ?? null, packages }, undefined, 2);
}
