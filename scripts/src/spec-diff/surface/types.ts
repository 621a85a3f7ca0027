import ts from "typescript";

/** What of the compiler's answers the comparison asks for, each in a few words. */
export interface TypeReader {
  readonly checker: ts.TypeChecker;
  /** Whether both are the same declaration of a library, which no change of ours alters. */
  isSameLibraryType(old: ts.Type, now: ts.Type): boolean;
}

export function typeReader(program: ts.Program): TypeReader {
  const isLibrary = (type: ts.Type) =>
    (type.symbol?.declarations ?? []).length > 0 &&
    (type.symbol.declarations ?? []).every((declaration) => {
      const file = declaration.getSourceFile();
      return program.isSourceFileDefaultLibrary(file) || file.fileName.includes("/node_modules/");
    });
  return {
    checker: program.getTypeChecker(),
    isSameLibraryType: (old, now) => isLibrary(old) && old.symbol === now.symbol,
  };
}

/** The alternatives of a type, `undefined` apart. */
export function alternatives(type: ts.Type): { parts: ts.Type[]; canBeUndefined: boolean } {
  const all = type.isUnion() ? type.types : [type];
  const parts = all.filter((part) => !(part.flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Void)));
  return { parts, canBeUndefined: parts.length < all.length };
}

/** Whether a type is compared member by member. */
export function isRecord(type: ts.Type): boolean {
  return (type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) !== 0;
}

/** What a type argument stands for in a list or a promise, and `undefined` for any other type. */
export function elementOf({ checker }: TypeReader, type: ts.Type): { kind: string; element: ts.Type } | undefined {
  const kind = type.symbol?.name;
  if (kind !== "Array" && kind !== "ReadonlyArray" && kind !== "Promise") return undefined;
  const [element] = checker.getTypeArguments(type as ts.TypeReference);
  return element && { kind: kind === "Promise" ? kind : "Array", element };
}

/** The members a user can see, by name. */
export function membersOf({ checker }: TypeReader, type: ts.Type): Map<string, ts.Type> {
  const visible = checker.getPropertiesOfType(type).filter((member) => {
    const isHidden = (member.declarations ?? []).some(
      (each) => ts.getCombinedModifierFlags(each) & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected),
    );
    return !isHidden && !member.name.startsWith("__");
  });
  return new Map(visible.map((member) => [member.name, checker.getTypeOfSymbol(member)]));
}

/** What a caller may pass: `undefined` too, where the parameter has a default. */
export function parameterType({ checker }: TypeReader, parameter: ts.Symbol): ts.Type {
  const type = checker.getTypeOfSymbol(parameter);
  const { initializer } = (parameter.valueDeclaration ?? {}) as Partial<ts.ParameterDeclaration>;
  return initializer ? checker.getNullableType(type, ts.TypeFlags.Undefined) : type;
}

/** The value of a type whose only value it is. */
export function literalOf(type: ts.Type | undefined): string | number | undefined {
  return type?.isStringLiteral() || type?.isNumberLiteral() ? type.value : undefined;
}
