/** One difference between what we model and what a vendor does or publishes. */
export interface Drift {
  /** The operationId, or method and path of an operation the spec does not model. */
  readonly operation: string;
  readonly kind: "missing" | "added" | "changed";
  /** Whether a client of ours can fail because of it. */
  readonly impact: "additive" | "breaking";
  readonly message: string;
}

/** What was compared and what was found. */
export interface DriftReport {
  readonly packageName: string;
  /** What the spec was compared with, as a person would say it. */
  readonly comparedWith: string;
  /** What a reader has to know to judge the findings, such as an operation that was not tried. */
  readonly notes: readonly string[];
  readonly drifts: readonly Drift[];
}

/** 0 clean, 1 additive, 2 breaking. */
export function exitCode({ drifts }: DriftReport): 0 | 1 | 2 {
  if (drifts.some(({ impact }) => impact === "breaking")) return 2;
  return drifts.length > 0 ? 1 : 0;
}

/** The report in Markdown, by operation, the breaking first. */
export function markdownDrift(report: DriftReport): string {
  const { packageName, comparedWith, notes, drifts } = report;
  const state = ["no drift", "additive drift", "breaking drift"][exitCode(report)];
  const sorted = drifts.toSorted((one, other) => other.impact.localeCompare(one.impact));
  const groups = [...Map.groupBy(sorted, ({ operation }) => operation)].map(
    ([operation, own]) =>
      `\n### ${operation}\n\n${own.map(({ impact, kind, message }) => `- **${impact}**, ${kind}: ${message}\n`).join("")}`,
  );
  const remarks = notes.map((note) => `\n${note}\n`).join("");
  return `## ${packageName}: ${state}\n\nCompared with ${comparedWith}.\n${remarks}${groups.join("")}`;
}
