import { type Finding, highest, isLower } from "../spec-diff/finding.ts";

/** The judges by how well what they say is understood by somebody who calls the package. */
const WORDING = ["types", "rules", "redocly"];

/** What a user of the package has to know, the breaking first; one line for each member of each operation. */
export function changesetText(findings: readonly Finding[]): string {
  const lines = [...new Set(clearest(findings).map(line))];
  const [first = "Nothing a caller sees changed."] = lines;
  if (lines.length < 2) return first;
  const isBreaking = highest(findings.map(({ bump }) => bump)) === "major";
  const heading = isBreaking ? "Breaking: the API changed." : "The API changed.";
  return `${heading}\n\n${lines.map((text) => `- ${text}`).join("\n")}`;
}

/** One finding for each member of each operation, the gravest first, in the words that say most. */
export function clearest(findings: readonly Finding[]): Finding[] {
  const told = findings.filter((finding) => !isRepeated(finding, findings));
  const byMember = Map.groupBy(told, (finding) => `${finding.operation} ${memberName(finding) ?? finding.rule}`);
  const chosen = [...byMember.values()].map((same) => same.toSorted(byWeight)[0] as Finding);
  return chosen.toSorted(byWeight);
}

function byWeight(one: Finding, other: Finding): number {
  if (one.bump !== other.bump) return isLower(one.bump, other.bump) ? 1 : -1;
  return WORDING.indexOf(one.judge) - WORDING.indexOf(other.judge);
}

/** `tenant` of `input.tenant`, `401` of `error 401.body`. */
function memberName({ member }: Finding): string | undefined {
  return member
    ?.replace(/^error (\w+).*$/, "$1")
    .split(".")
    .at(-1);
}

/** Whether the same is said better elsewhere: of the operation instead of its types, of the member instead of its kind. */
function isRepeated(finding: Finding, all: readonly Finding[]): boolean {
  const others = all.filter((other) => other !== finding && !isLower(other.bump, finding.bump));
  const isGeneric = finding.judge === "redocly" && ["added", "removed", "modified"].includes(finding.rule);
  if (isGeneric || finding.rule === "compatible-change") {
    return others.some((other) => other.operation === finding.operation && other.judge === "types");
  }
  if (finding.operation !== undefined) return false;
  const name = memberName(finding);
  return others.some((other) => other.operation !== undefined && (name === memberName(other) || isTypeOf(name, other)));
}

/** Whether a type is named after an operation: `CreateTokenInput` after `createToken`. */
function isTypeOf(name: string | undefined, { operation }: Finding): boolean {
  const type = operation && operation[0]?.toUpperCase() + operation.slice(1);
  return name !== undefined && (name === `${type}Input` || name === `${type}Error`);
}

/** A finding as a sentence that names its operation. */
export function line({ operation, message }: Finding): string {
  return operation === undefined ? message : `\`${operation}\`: ${message}`;
}
