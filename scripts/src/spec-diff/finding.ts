/** The part of a version a change raises. */
export type Bump = "patch" | "minor" | "major";

const ORDER: readonly Bump[] = ["patch", "minor", "major"];

/** Whether the first bump is lower than the second; nothing at all is the lowest. */
export function isLower(bump: Bump | undefined, than: Bump | undefined): boolean {
  return rank(bump) < rank(than);
}

/** The highest of the bumps, `undefined` if there are none. */
export function highest(bumps: readonly (Bump | undefined)[]): Bump | undefined {
  return ORDER[Math.max(-1, ...bumps.map(rank))];
}

function rank(bump: Bump | undefined): number {
  return bump === undefined ? -1 : ORDER.indexOf(bump);
}

/** One change, and what one judge makes of it. */
export interface Finding {
  /** `redocly` compares documents, `types` the exported TypeScript surface, `rules` sees what both miss. */
  readonly judge: "redocly" | "types" | "rules";
  /** The rule that speaks; downgrades go by it. */
  readonly rule: string;
  readonly bump: Bump;
  /** The operationId, or the exported name, the change belongs to. */
  readonly operation?: string | undefined;
  /** The member, parameter or status that changed. */
  readonly member?: string | undefined;
  /** A sentence for the people who install the package. */
  readonly message: string;
  /** What the judge asked for, and why less is enough. */
  readonly downgraded?: { readonly from: Bump; readonly reason: string };
}
