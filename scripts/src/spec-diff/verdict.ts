import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { inParallel } from "../in-parallel.ts";
import type { OpenApiDocument } from "../spec/document.ts";
import { SpecError } from "../spec/document.ts";
import type { SpecText } from "./documents.ts";
import { downgraded } from "./downgrades.ts";
import { type Bump, type Finding, highest, isLower } from "./finding.ts";
import { type Change, memberAt, operationAt, redoclyChanges } from "./redocly.ts";
import { isText, RULES } from "./rules.ts";
import { generatedSurface } from "./surface/generated.ts";
import { judgeSurfaces } from "./surface/judge.ts";

export interface SpecPair {
  /** The package's folder, which its types are named after. */
  readonly name: string;
  readonly packageName: string;
  readonly base: SpecText;
  readonly revision: SpecText;
}

export interface Verdict extends SpecPair {
  /** `undefined` where nothing changed at all. */
  readonly bump: Bump | undefined;
  readonly findings: readonly Finding[];
}

/** What bump each pair of documents requires, and why. Throws `UsageError` for a document it cannot judge. */
export async function judgeSpecs(pairs: readonly SpecPair[]): Promise<Verdict[]> {
  const changed = pairs.filter(({ base, revision }) => !isDeepStrictEqual(base.document, revision.document));
  const [documents, surfaces] = await Promise.all([compareDocuments(changed), compareSurfaces(changed)]);
  return pairs.map((pair) => {
    const index = changed.indexOf(pair);
    const found = index < 0 ? [] : [...(documents[index] ?? []), ...(surfaces[index] ?? [])];
    const isRewritten = found.length === 0 && pair.base.text !== pair.revision.text;
    const findings = isRewritten ? [REWRITTEN] : found;
    return { ...pair, findings, bump: highest(findings.map(({ bump }) => bump)) };
  });
}

const REWRITTEN: Finding = {
  judge: "rules",
  rule: "text",
  bump: "patch",
  message: "Wording or examples of the document changed.",
};

/** What one judge asked for, before any downgrade. */
export function bumpOf({ findings }: Verdict, judge: Finding["judge"]): Bump | undefined {
  const own = findings.filter((finding) => finding.judge === judge);
  return highest(own.map((finding) => finding.downgraded?.from ?? finding.bump));
}

/** Redocly's opinion of each pair, and of every change it lists that of the rules. */
async function compareDocuments(pairs: readonly SpecPair[]): Promise<Finding[][]> {
  const folder = await mkdtemp(join(tmpdir(), "spec-diff-"));
  try {
    return await inParallel(pairs, async ({ base, revision }, index) => {
      const files = ["base", "revision"].map((side) => join(folder, `${index}-${side}.yaml`)) as [string, string];
      await Promise.all([writeFile(files[0], base.text), writeFile(files[1], revision.text)]);
      const changes = await redoclyChanges(...files);
      return changes.flatMap((change) => findingsOf(change, [revision.document, base.document]));
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What a change means: to Redocly, and to the rules where they ask for more. */
export function findingsOf(change: Change, documents: readonly OpenApiDocument[]): Finding[] {
  const operation = operationAt(change, documents);
  const member = memberAt(change, documents);
  const what = member === undefined ? change.typeName : `\`${member}\``;
  const [verdict] = change.verdicts;
  const generic = isText(change) ? REWRITTEN : { rule: change.kind, message: `${what} was ${change.kind}.` };
  const redocly: Finding = {
    ...{ judge: "redocly", bump: change.impact, operation, member },
    ...(verdict
      ? { rule: verdict.ruleId, message: verdict.message }
      : { rule: generic.rule, message: generic.message }),
  };
  const rule = RULES.find((each) => each.applies(change));
  const own: Finding[] =
    rule && isLower(change.impact, rule.bump)
      ? [{ judge: "rules", rule: rule.name, bump: rule.bump, operation, member, message: rule.message(what, change) }]
      : [];
  return [redocly, ...own].map((finding) => downgraded(finding, change));
}

/** The TypeScript surfaces generated from both documents of each pair. */
async function compareSurfaces(pairs: readonly SpecPair[]): Promise<Finding[][]> {
  const generated = await Promise.all(
    pairs.map(async ({ name, packageName, base, revision }) => {
      const [old, now] = await Promise.all([base, revision].map((side) => surfaceOf({ name, packageName, ...side })));
      return { old, now };
    }),
  );
  const complete = generated.flatMap(({ old, now }) =>
    old && now && !(old instanceof SpecError) && !(now instanceof SpecError) ? [{ base: old, revision: now }] : [],
  );
  const judged = judgeSurfaces(complete);
  return generated.map(({ old, now }) => {
    const index = complete.findIndex(({ base, revision }) => base === old && revision === now);
    if (index >= 0) return (judged[index] ?? []).map((finding) => downgraded(finding));
    return now instanceof SpecError && !(old instanceof SpecError) ? [notGenerated(now)] : [];
  });
}

function surfaceOf(source: Parameters<typeof generatedSurface>[0]) {
  return generatedSurface(source).catch((error: unknown) => {
    if (error instanceof SpecError) return error;
    throw error;
  });
}

/** Every exported name is gone that was generated before. */
function notGenerated({ message }: SpecError): Finding {
  return { judge: "types", rule: "not-generated", bump: "major", message: `No client can be generated: ${message}.` };
}
