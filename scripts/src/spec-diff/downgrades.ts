import { type Bump, type Finding, isLower } from "./finding.ts";
import type { Change } from "./redocly.ts";
import { isText } from "./rules.ts";

interface Downgrade {
  readonly to: Bump;
  readonly reason: string;
  applies(finding: Finding, change: Change | undefined): boolean;
}

/** Where the highest verdict over-reacts. Nothing is lowered but by a row of this table. */
export const DOWNGRADES: readonly Downgrade[] = [
  {
    to: "minor",
    reason: "error unions are open: a status nobody listed was an error of the union before",
    applies: ({ rule }) => rule === "error-status-added",
  },
  {
    to: "patch",
    reason: "a leak must be cheap to mend",
    applies: (_, change) => change?.property === "format" && change.revision?.value === "password",
  },
  {
    to: "patch",
    reason: "no program reads it: text, an example, a tag, a hint, or a word to mock servers",
    applies: (_, change) => change !== undefined && isText(change),
  },
  {
    to: "patch",
    reason: "a slash at the end of a server's URL leads to the same place",
    applies: (_, change) => change?.typeName === "Server" && change.property === "url" && isSameUrl(change),
  },
];

function isSameUrl({ base, revision }: Change): boolean {
  const [old, now] = [base, revision].map((side) => String(side?.value).replace(/\/$/, ""));
  return old === now;
}

/** The finding, lowered if a row of {@link DOWNGRADES} says so. */
export function downgraded(finding: Finding, change?: Change): Finding {
  const row = DOWNGRADES.find((each) => isLower(each.to, finding.bump) && each.applies(finding, change));
  return row ? { ...finding, bump: row.to, downgraded: { from: finding.bump, reason: row.reason } } : finding;
}
