import { dirname, join } from "node:path";
import ts from "typescript";
import { ROOT } from "../../workspace.ts";

/** The TypeScript users of a package see: files by path, and which of them each subpath of the package leads to. */
export interface Surface {
  readonly files: ReadonlyMap<string, string>;
  readonly entries: Readonly<Record<string, string>>;
  /** The folder its imports of other packages are resolved from. */
  readonly folder: string;
  /** Packages of the workspace it imports as they were, instead of as they are. */
  readonly dependencies?: ReadonlyMap<string, Surface>;
}

export const COMPILER_OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2024,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  lib: ["lib.es2024.d.ts", "lib.esnext.disposable.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
  types: ["node"],
  strict: true,
  skipLibCheck: true,
  noEmit: true,
  allowImportingTsExtensions: true,
};

/** One program of all the surfaces, because loading the libraries costs more than everything else. */
export function createSurfaceProgram(surfaces: readonly Surface[]): {
  program: ts.Program;
  /** The module a subpath of a surface leads to. */
  entryOf(surface: Surface, subpath: string): ts.SourceFile | undefined;
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
    return own ? ts.createSourceFile(file, own.text, rest[0], true) : getSourceFile.call(host, file, ...rest);
  };
  const resolveVirtual = (file: string) => {
    const stem = file.replace(/\.[jt]s$/, "");
    const found = [`${stem}.ts`, `${stem}.d.ts`].find((each) => virtual.has(each));
    if (!found) return undefined;
    return { resolvedFileName: found, extension: found.endsWith(".d.ts") ? ts.Extension.Dts : ts.Extension.Ts };
  };
  host.resolveModuleNameLiterals = (literals, containing, redirected, options) =>
    literals.map(({ text }) => {
      const importer = virtual.get(containing);
      if (importer && text.startsWith(".")) {
        return { resolvedModule: resolveVirtual(join(dirname(containing), text)) };
      }
      const [, name = "", subpath = ""] = /^(@[^/]+\/[^/]+|[^/]+)(\/.*)?$/.exec(text) ?? [];
      const dependency = importer?.surface.dependencies?.get(name);
      const entry = dependency?.entries[`.${subpath}`];
      if (dependency && entry) return { resolvedModule: resolveVirtual(join(placed.get(dependency) ?? "", entry)) };
      const from = importer ? join(importer.surface.folder, "index.ts") : containing;
      return ts.resolveModuleName(text, from, options, host, undefined, redirected, ts.ModuleKind.ESNext);
    });

  const roots = [...virtual.keys()];
  const program = ts.createProgram({ rootNames: roots, options: COMPILER_OPTIONS, host });
  checkResolved(program, virtual);
  return {
    program,
    entryOf: (surface, subpath) => {
      const entry = surface.entries[subpath];
      return entry === undefined ? undefined : program.getSourceFile(join(placed.get(surface) ?? "", entry));
    },
  };
}

/** What the compiler says of a name or a module it cannot find. */
const UNRESOLVED = [2304, 2305, 2307, 2552, 2694, 2724, 2792];

/** A name that leads nowhere is `any`, which is assignable to everything: no verdict would be one. */
function checkResolved(program: ts.Program, virtual: ReadonlyMap<string, unknown>): void {
  for (const file of virtual.keys()) {
    const source = program.getSourceFile(file);
    const errors = source
      ? [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]
      : [];
    const error = errors.find(({ code }) => UNRESOLVED.includes(code) || code < 2000);
    if (!error) continue;
    throw new Error(`[spec:diff] ${file} cannot be judged: ${ts.flattenDiagnosticMessageText(error.messageText, " ")}`);
  }
}
