import { isBuiltin } from "node:module";
import { dirname, join } from "node:path";
import ts from "typescript";
import { ROOT } from "../../workspace.ts";

/** The TypeScript users of a package see: files by path, and which of them each subpath of the package leads to. */
export interface Surface {
  readonly files: ReadonlyMap<string, string>;
  readonly entries: Readonly<Record<string, string>>;
  /** The folder its imports of other packages are resolved from. */
  readonly folder: string;
  /** The packages of the workspace it imports, by name. */
  readonly dependencies?: ReadonlyMap<string, Surface>;
}

const COMPILER_OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2024,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  lib: ["lib.es2024.d.ts", "lib.esnext.disposable.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
  types: ["node"],
  strict: true,
  skipLibCheck: true,
  declaration: true,
  removeComments: true,
  allowImportingTsExtensions: true,
};

/** Parsed once: no change of ours alters a library. */
const libraries = new Map<string, ts.SourceFile>();

/** One program of all the surfaces, because loading the libraries costs more than everything else. */
export function createSurfaceProgram(surfaces: readonly Surface[]): {
  program: ts.Program;
  /** A file of a surface. */
  fileOf(surface: Surface, file: string): ts.SourceFile | undefined;
} {
  const placed = new Map<Surface, string>();
  const virtual = new Map<string, { text: string; surface: Surface }>();
  const place = (surface: Surface) => {
    if (placed.has(surface)) return;
    const folder = join(surface.folder, `.surface-${placed.size}`);
    placed.set(surface, folder);
    for (const [file, text] of surface.files) virtual.set(join(folder, file), { text, surface });
    for (const dependency of surface.dependencies?.values() ?? []) place(dependency);
  };
  surfaces.forEach(place);

  const host = ts.createCompilerHost(COMPILER_OPTIONS);
  const { fileExists, readFile, getSourceFile } = host;
  host.getCurrentDirectory = () => ROOT;
  host.fileExists = (file) => virtual.has(file) || fileExists(file);
  host.readFile = (file) => virtual.get(file)?.text ?? readFile(file);
  host.getSourceFile = (file, ...rest) => {
    const own = virtual.get(file);
    if (own) return ts.createSourceFile(file, own.text, rest[0], true);
    const source = libraries.get(file) ?? getSourceFile.call(host, file, ...rest);
    if (source && file.includes("/node_modules/")) libraries.set(file, source);
    return source;
  };
  const resolveVirtual = (file: string) => {
    const stem = file.replace(/\.[jt]s$/, "");
    const found = [`${stem}.ts`, `${stem}.d.ts`].find((each) => virtual.has(each));
    if (!found) return undefined;
    return { resolvedFileName: found, extension: found.endsWith(".d.ts") ? ts.Extension.Dts : ts.Extension.Ts };
  };
  const unresolved: string[] = [];
  host.resolveModuleNameLiterals = (literals, containing) =>
    literals.map(({ text }) => {
      const resolvedModule = resolveImport(text, containing);
      if (virtual.has(containing) && !resolvedModule && !isBuiltin(text))
        unresolved.push(`${text}, which ${containing} imports`);
      return { resolvedModule };
    });
  const resolveImport = (text: string, containing: string) => {
    const importer = virtual.get(containing);
    if (importer && text.startsWith(".")) return resolveVirtual(join(dirname(containing), text));
    const [, name = "", subpath = ""] = /^(@[^/]+\/[^/]+|[^/]+)(\/.*)?$/.exec(text) ?? [];
    const dependency = importer?.surface.dependencies?.get(name);
    const entry = dependency?.entries[`.${subpath}`];
    if (dependency && entry) return resolveVirtual(join(placed.get(dependency) ?? "", entry));
    const from = importer ? join(importer.surface.folder, "index.ts") : containing;
    return ts.resolveModuleName(text, from, COMPILER_OPTIONS, host, undefined, undefined, ts.ModuleKind.ESNext)
      .resolvedModule;
  };

  const roots = [...virtual.keys()];
  const program = ts.createProgram({ rootNames: roots, options: COMPILER_OPTIONS, host });
  // What leads nowhere is `any`, which is assignable to everything: no verdict would be one.
  if (unresolved.length > 0) throw new Error(`[spec:diff] no types can be compared without ${unresolved.join(", ")}`);
  return {
    program,
    fileOf: (surface, file) => program.getSourceFile(join(placed.get(surface) ?? "", file)),
  };
}
