import ts from "typescript";
import type { Finding } from "../finding.ts";
import { createComparison, type Place } from "./compare.ts";
import { createSurfaceProgram, type Surface } from "./program.ts";
import { type TypeReader, typeReader } from "./types.ts";

export interface SurfacePair {
  readonly base: Surface;
  readonly revision: Surface;
}

/** The document as types: reached through the client, and judged as a document. Their names count, their members do not. */
const RAW_TYPES = ["paths", "components", "operations", "webhooks", "$defs"];

/** What changed in the exported TypeScript surface of each pair, all of them in one program. */
export function judgeSurfaces(pairs: readonly SurfacePair[]): Finding[][] {
  if (pairs.length === 0) return [];
  const { program, fileOf } = createSurfaceProgram(pairs.flatMap(({ base, revision }) => [base, revision]));
  const reader = typeReader(program);
  return pairs.map(({ base, revision }) => {
    const findings = new Map<string, Finding>();
    const tell = (finding: Finding) => findings.set(`${finding.operation} ${finding.rule} ${finding.message}`, finding);
    for (const subpath of new Set([...Object.keys(base.entries), ...Object.keys(revision.entries)])) {
      const [entry, entryNow] = [base.entries[subpath], revision.entries[subpath]];
      if (entry === undefined) tell(exported("minor", subpath, `The entry \`${subpath}\` is new.`));
      else if (entryNow === undefined) tell(exported("major", subpath, `The entry \`${subpath}\` is gone.`));
      else {
        const [old, now] = [fileOf(base, entry), fileOf(revision, entryNow)];
        if (old && now) compareModules(reader, old, now, subpath, tell);
      }
    }
    return [...findings.values()];
  });
}

function exported(bump: "major" | "minor", member: string, message: string): Finding {
  return { judge: "rules", rule: bump === "major" ? "export-removed" : "export-added", bump, member, message };
}

function compareModules(
  reader: TypeReader,
  old: ts.SourceFile,
  now: ts.SourceFile,
  subpath: string,
  tell: (finding: Finding) => void,
): void {
  const { checker } = reader;
  const comparison = createComparison(reader, tell);
  const [before, after] = [exportsOf(checker, old), exportsOf(checker, now)];
  const from = subpath === "." ? "" : ` of \`${subpath}\``;
  for (const name of before.keys()) {
    if (!after.has(name)) tell(exported("major", name, `The export \`${name}\`${from} is gone; stop importing it.`));
  }
  for (const name of after.keys()) {
    if (!before.has(name)) tell(exported("minor", name, `The export \`${name}\`${from} is new.`));
  }
  const shared = [...before].flatMap(([name, symbol]) => {
    const other = after.get(name);
    return other && !RAW_TYPES.includes(name) ? [{ name, symbol, other }] : [];
  });
  for (const { name, symbol, other } of shared) {
    if (!(symbol.flags & ts.SymbolFlags.Value)) continue;
    const [type, typeNow] = [checker.getTypeOfSymbol(symbol), checker.getTypeOfSymbol(other)];
    comparison.compare(type, typeNow, "output", { path: name, isExport: true });
  }
  for (const { name, symbol, other } of shared) {
    if (!(symbol.flags & ts.SymbolFlags.Type)) continue;
    const [type, typeNow] = [symbol, other].map((each) => checker.getDeclaredTypeOfSymbol(each)) as [ts.Type, ts.Type];
    if (comparison.wasMet(type)) continue;
    for (const finding of bothWays(reader, type, typeNow, { path: name })) tell(finding);
  }
}

/** A type that no function takes or gives, such as a request's schema: only what breaks writers and readers breaks. */
function bothWays(reader: TypeReader, old: ts.Type, now: ts.Type, place: Place): Finding[] {
  const [written, read] = (["input", "output"] as const).map((direction) => {
    const findings: Finding[] = [];
    createComparison(reader, (finding) => findings.push(finding)).compare(old, now, direction, place);
    return findings;
  }) as [Finding[], Finding[]];
  const broken = new Set(read.filter(({ bump }) => bump === "major").map(({ member }) => member));
  return written.map((finding) =>
    finding.bump === "major" && !broken.has(finding.member) ? { ...finding, bump: "minor" } : finding,
  );
}

function exportsOf(checker: ts.TypeChecker, file: ts.SourceFile): Map<string, ts.Symbol> {
  const module = checker.getSymbolAtLocation(file);
  const symbols = module ? checker.getExportsOfModule(module) : [];
  return new Map(
    symbols.map((symbol) => [
      symbol.name,
      symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol,
    ]),
  );
}
