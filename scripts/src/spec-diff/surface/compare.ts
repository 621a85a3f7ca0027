import ts from "typescript";
import type { Bump, Finding } from "../finding.ts";
import { compareErrors, errorsOf } from "./errors.ts";
import { alternatives, elementOf, isRecord, membersOf, parameterType, type TypeReader } from "./types.ts";

/** What a user gives may only be taken more widely, what a user gets may only be narrower than before. */
export type Direction = "input" | "output";

/** Where in the surface a type stands: the function or operation, and the way to it from there. */
export interface Place {
  readonly operation?: string | undefined;
  readonly path: string;
  /** It is exported itself, so that what it returns is the client and no result of an operation. */
  readonly isExport?: true;
}

export interface Comparison {
  compare(old: ts.Type, now: ts.Type, direction: Direction, place: Place): void;
  report(rule: string, bump: Bump, place: Place, message: string): void;
  /** Whether a type was met on the way, so that its direction is known. */
  wasMet(type: ts.Type): boolean;
}

/** Compares types of two surfaces of one program member by member, and tells what it finds. */
export function createComparison(reader: TypeReader, tell: (finding: Finding) => void): Comparison {
  const { checker } = reader;
  const visited = new Map<ts.Type, Set<string>>();
  const isAssignable = (from: ts.Type, to: ts.Type) => checker.isTypeAssignableTo(from, to);
  const print = (type: ts.Type) => shorten(checker.typeToString(type));

  const report: Comparison["report"] = (rule, bump, { operation, path }, message) =>
    tell({ judge: "types", rule, bump, operation, member: path, message });

  function compare(old: ts.Type, now: ts.Type, direction: Direction, place: Place): void {
    const seen = visited.get(old) ?? new Set();
    visited.set(old, seen);
    const key = `${(now as { id?: number }).id} ${direction}`;
    if (old === now || seen.has(key) || (reader.isSameLibraryType(old, now) && !elementOf(reader, old))) return;
    seen.add(key);
    const [oldErrors, nowErrors] = [errorsOf(reader, old), errorsOf(reader, now)];
    if (oldErrors && nowErrors) {
      compareErrors({ compare, report, wasMet }, oldErrors, nowErrors);
      return;
    }

    const [before, after] = [alternatives(old), alternatives(now)];
    compareAbsence(before.canBeUndefined, after.canBeUndefined, direction, place);
    const [oldRecords, nowRecords] = [before.parts.filter(isRecord), after.parts.filter(isRecord)];
    const [oldRecord, nowRecord] = [oldRecords[0], nowRecords[0]];
    const isPaired = oldRecords.length === 1 && nowRecords.length === 1 && oldRecord && nowRecord;
    const rest = (parts: ts.Type[]) => (isPaired ? parts.filter((part) => !isRecord(part)) : parts);
    if (isPaired) compareRecords(oldRecord, nowRecord, direction, place);
    compareAlternatives(rest(before.parts), rest(after.parts), direction, place);
  }

  function compareAbsence(before: boolean, after: boolean, direction: Direction, place: Place): void {
    if (before === after) return;
    const isRequired = before;
    if (direction === "input") {
      if (isRequired) report("input-required", "major", place, `${name(place)} is now required; pass it.`);
      else report("input-optional", "minor", place, `${name(place)} may now be left out.`);
    } else if (isRequired) report("output-present", "minor", place, `${name(place)} is now always there.`);
    else report("output-optional", "major", place, `${name(place)} may now be missing; check for undefined.`);
  }

  function compareAlternatives(old: ts.Type[], now: ts.Type[], direction: Direction, place: Place): void {
    const missing = (from: ts.Type[], to: ts.Type[]) =>
      from.filter((part) => !to.some((other) => isAssignable(part, other))).map(print);
    const gone = missing(old, now);
    const added = missing(now, old);
    const list = (types: string[]) => types.join(" | ");
    const isInput = direction === "input";
    if (gone.length > 0) {
      if (isInput)
        report(
          "input-narrowed",
          "major",
          place,
          `${name(place)} no longer takes ${list(gone)}; pass ${list(now.map(print)) || "nothing"}.`,
        );
      else report("output-narrowed", "minor", place, `${name(place)} is no longer ${list(gone)}.`);
    }
    if (added.length > 0) {
      if (isInput) report("input-widened", "minor", place, `${name(place)} now also takes ${list(added)}.`);
      else report("output-widened", "major", place, `${name(place)} can now be ${list(added)}; handle it.`);
    }
  }

  function compareRecords(old: ts.Type, now: ts.Type, direction: Direction, place: Place): void {
    const [oldElement, nowElement] = [elementOf(reader, old), elementOf(reader, now)];
    if (oldElement || nowElement) {
      if (oldElement?.kind !== nowElement?.kind || !oldElement || !nowElement) {
        compareAlternatives([old], [now], direction, place);
      } else {
        const path = oldElement.kind === "Promise" ? place.path : `${place.path}[]`;
        compare(oldElement.element, nowElement.element, direction, { ...place, path });
      }
      return;
    }
    const [oldCalls, nowCalls] = [signaturesOf(old), signaturesOf(now)];
    if (oldCalls.length !== nowCalls.length) {
      compareAlternatives([old], [now], direction, place);
      return;
    }
    oldCalls.forEach((signature, index) => {
      compareSignatures(signature, nowCalls[index] as ts.Signature, direction, place);
    });
    compareMembers(old, now, direction, place);
  }

  function compareMembers(old: ts.Type, now: ts.Type, direction: Direction, place: Place): void {
    const [before, after] = [membersOf(reader, old), membersOf(reader, now)];
    for (const [member, type] of before) {
      const inner = { ...place, path: place.path === "" ? member : `${place.path}.${member}` };
      const other = after.get(member);
      if (other) compare(type, other, direction, inner);
      else if (direction === "input")
        report("input-removed", "major", inner, `${name(inner)} is no longer taken; stop passing it.`);
      else report("output-removed", "major", inner, `${name(inner)} is gone; stop using it.`);
    }
    for (const [member, type] of after) {
      if (before.has(member)) continue;
      const inner = { ...place, path: place.path === "" ? member : `${place.path}.${member}` };
      const isRequired = direction === "input" && !alternatives(type).canBeUndefined;
      if (isRequired) report("input-required", "major", inner, `${name(inner)} is new and required; pass it.`);
      else report("added", "minor", inner, `${name(inner)} is new.`);
    }
    compareOpenness(old, now, direction, place);
  }

  /** Whether members nobody names may be given or read. */
  function compareOpenness(old: ts.Type, now: ts.Type, direction: Direction, place: Place): void {
    const [before, after] = [old, now].map((type) => checker.getIndexInfoOfType(type, ts.IndexKind.String)?.type);
    const isOpen = (type: ts.Type | undefined) => type !== undefined && !(type.flags & ts.TypeFlags.Never);
    if (before && after && isOpen(before) && isOpen(after)) {
      compare(before, after, direction, { ...place, path: `${place.path}[name]` });
    } else if (isOpen(before))
      report("open-removed", "major", place, `${name(place)} no longer has members beside the named ones.`);
    else if (isOpen(after))
      report("open-added", "minor", place, `${name(place)} may now have members beside the named ones.`);
  }

  function compareSignatures(old: ts.Signature, now: ts.Signature, direction: Direction, place: Place): void {
    const operation = place.path.split(".").at(-1) || place.operation;
    const flipped = direction === "input" ? "output" : "input";
    const [before, after] = [old.getParameters(), now.getParameters()];
    before.forEach((parameter, index) => {
      const inner = { operation, path: parameter.name };
      const other = after[index];
      if (other && isGeneric(old, parameter.valueDeclaration)) return;
      if (other) compare(parameterType(reader, parameter), parameterType(reader, other), flipped, inner);
      else report("parameter-removed", "major", inner, `${name(inner)} is no longer a parameter; stop passing it.`);
    });
    for (const parameter of after.slice(before.length)) {
      const inner = { operation, path: parameter.name };
      const isRequired = flipped === "input" && !alternatives(parameterType(reader, parameter)).canBeUndefined;
      report("parameter-added", isRequired ? "major" : "minor", inner, `${name(inner)} is a new parameter.`);
    }
    const [guarded, guardedNow] = [old, now].map((signature) => checker.getTypePredicateOfSignature(signature)?.type);
    if (guarded && guardedNow) compare(guarded, guardedNow, direction, { operation, path: "" });
    const result = place.isExport ? { path: "" } : { operation, path: "result" };
    if (!isGeneric(old, old.declaration)) compare(old.getReturnType(), now.getReturnType(), direction, result);
  }

  const wasMet = (type: ts.Type) => visited.has(type);
  return { compare, report, wasMet };
}

function signaturesOf(type: ts.Type): ts.Signature[] {
  return [...type.getConstructSignatures(), ...type.getCallSignatures()];
}

/** Whether a declaration's type depends on who calls the function: then only that it is there counts. */
function isGeneric({ typeParameters = [] }: ts.Signature, declaration: ts.Declaration | undefined): boolean {
  const type = (declaration as ts.ParameterDeclaration | undefined)?.type?.getText() ?? "";
  return typeParameters.some(({ symbol }) => new RegExp(`\\b${symbol.name}\\b`).test(type));
}

function name({ path, operation }: Place): string {
  return path === "" ? (operation === undefined ? "what the package gives" : `\`${operation}\``) : `\`${path}\``;
}

function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
