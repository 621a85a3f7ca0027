import { parse } from "yaml";
import { pascalCase } from "../emit/names.ts";
import { SCOPE } from "../workspace.ts";
import { clientFields } from "./client-fields.ts";
import type { PackageShape, WorkspaceShape } from "./read-workspace.ts";

/** Finds what breaks a rule; each finding names the place and what belongs there. */
type ShapeRule = (workspace: WorkspaceShape) => string[];

/** The shape of the packages, held by a machine so that every vendor stays like the others. */
export const shapeRules: Record<string, ShapeRule> = {
  "manifest-size": each(({ folder, manifestText }) => {
    const lines = manifestText.trimEnd().split("\n").length;
    return lines > 40 ? [`packages/${folder}/package.json has ${lines} lines; 40 are enough`] : [];
  }),

  "manifest-fields": each((shape) => {
    const { folder, manifest } = shape;
    const expected: Record<string, unknown> = {
      license: "MIT",
      type: "module",
      sideEffects: false,
      repository: manifest["private"]
        ? undefined
        : { ...(manifest["repository"] as object), directory: `packages/${folder}` },
      ...(shape.kind === "client" && fieldsOf(shape)),
    };
    const wrong = Object.entries(expected).filter(
      ([field, value]) => JSON.stringify(manifest[field]) !== JSON.stringify(value),
    );
    const name = manifest.name === `${SCOPE}/${folder}` ? [] : [`packages/${folder} is named ${manifest.name}`];
    return [
      ...name,
      ...wrong.map(([field, value]) => `packages/${folder}/package.json: ${field} has to be ${JSON.stringify(value)}`),
    ];
  }),

  "client-files": each(({ folder, kind, files }) => {
    if (kind !== "client") return [];
    const expected = ["README.md", "src/index.ts", "test/contract.test.ts", "test/types.test.ts"];
    return expected.filter((file) => !(file in files)).map((file) => `packages/${folder} lacks ${file}`);
  }),

  "client-entry": each(({ folder, kind, files }) => {
    if (kind !== "client") return [];
    const text = files["src/index.ts"] ?? "";
    const lines = text.trimEnd().split("\n").length;
    const factory = `create${pascalCase(folder)}`;
    const guard = `is${pascalCase(folder)}Error`;
    return [
      ...(lines > 40 ? [`packages/${folder}/src/index.ts has ${lines} lines; 40 are enough`] : []),
      ...[factory, guard]
        .filter((name) => !text.includes(`export function ${name}(`))
        .map((name) => `packages/${folder}/src/index.ts does not export ${name}`),
    ];
  }),

  "file-size": eachFile((place, text) => {
    const lines = text.split("\n").length;
    return lines > 260 ? [`${place} has ${lines} lines; a file that needs a tour is two files`] : [];
  }),

  "named-exports": eachFile((place, text) => [
    ...(/^export default\b/m.test(text) ? [`${place} has a default export; name it`] : []),
    ...[...text.matchAll(/^export \* from "(.+)";/gm)]
      .filter(([, from]) => from !== "./generated/index.ts")
      .map(([, from]) => `${place} exports everything of ${from}; list the names`),
  ]),

  "import-arrows": ({ packages }) =>
    packages.flatMap((shape) =>
      Object.entries(shape.files).flatMap(([file, text]) => (file.endsWith(".ts") ? arrowsOf(shape, file, text) : [])),
    ),

  "one-openapi-fetch": ({ packages }) => {
    const imports = packages.flatMap(({ folder, files }) =>
      Object.entries(files)
        .filter(([file]) => file.startsWith("src/"))
        .flatMap(([file, text]) => importsOf(text).map((each) => ({ ...each, place: `packages/${folder}/${file}` })))
        .filter(({ from }) => from === "openapi-fetch"),
    );
    const places = imports.map(({ place }) => place).join(", ");
    return imports.length === 1 && imports[0]?.typeOnly
      ? []
      : [`openapi-fetch has to be imported in one file only, for its types alone, and is in ${places}`];
  },

  "no-vendor-names": ({ packages }) => {
    const vendors = packages.filter(({ kind }) => kind === "client").flatMap(vendorWords);
    // `fir` is named by `firApi` and `FIR`, and not by `first`.
    const spellings = vendors.flatMap((word) => [
      word,
      word.toUpperCase(),
      word.charAt(0).toUpperCase() + word.slice(1),
    ]);
    const names = new RegExp(`\\b(${spellings.join("|") || "(?!)"})(?![a-z])`);
    return packages
      .filter(({ kind }) => kind !== "client")
      .flatMap(({ folder, files }) =>
        Object.entries(files)
          .filter(([file]) => file.startsWith("src/"))
          .map(([file, text]) => [`packages/${folder}/${file}`, withoutComments(text)] as const),
      )
      .flatMap(([place, text]) =>
        names.test(text)
          ? [
              `${place} names the vendor ${names.exec(text)?.[1]}; what is true of one vendor belongs in its spec or package`,
            ]
          : [],
      );
  },

  "facts-in-specs": each(({ folder, kind, files }) => {
    if (kind !== "client") return [];
    const spec = parse(files["src/generated/openapi.yaml"] ?? "{}") as {
      paths?: object;
      servers?: { url: string }[];
    } | null;
    const facts = [...Object.keys(spec?.paths ?? {}), ...(spec?.servers ?? []).map(({ url }) => url)];
    const own = Object.entries(files).filter(([file]) => /^src\/(?!generated\/)/.test(file));
    return own.flatMap(([file, text]) =>
      facts
        .filter((fact) => withoutComments(text).includes(`"${fact}`))
        .map((fact) => `packages/${folder}/${file} repeats ${fact}, which its spec says`),
    );
  }),
};

/**
 * What a client's manifest holds: the same for all, but for entries beside the main one, what their code imports, and what signs
 * the assertions its spec asks for: an optional peer of the runtime.
 */
function fieldsOf({ manifest, files }: PackageShape): Record<string, unknown> {
  const given = manifest as { exports?: object; dependencies?: Record<string, string> };
  const names = Object.keys(given.exports ?? {}).map((entry) => entry.slice("./".length));
  const further = names.filter((name) => name !== "index" && `src/${name}.ts` in files);
  const own = Object.entries(files).filter(([file]) => /^src\/(?!generated\/).+\.ts$/.test(file));
  const imported = new Set(own.flatMap(([, text]) => importsOf(text).map(({ from }) => from)));
  const signs = importsOf(files["src/generated/vendor.ts"] ?? "").some(({ from }) => from.endsWith("/assertion"));
  const needed = [...imported, ...(signs ? ["jose"] : [])];
  const outside = [...new Set(needed)]
    .filter((from) => !/^(\.|node:)/.test(from) && !from.startsWith(`${SCOPE}/`))
    .sort();
  // Exact, because what a user installs should be what was tested.
  const exact = (name: string) => /^\d+\.\d+\.\d+$/.exec(given.dependencies?.[name] ?? "")?.[0] ?? "an exact version";
  return clientFields(further, Object.fromEntries(outside.map((name) => [name, exact(name)])));
}

/** What a vendor is called: the first word of its package, where its hosts bear it too, and the package's whole name. */
function vendorWords({ folder, files }: PackageShape): string[] {
  const [word = folder] = folder.split("-");
  const document = parse(files["src/generated/openapi.yaml"] ?? "{}") as { servers?: { url: string }[] } | null;
  const isHost = (document?.servers ?? []).some(({ url }) => url.toLowerCase().includes(word));
  return isHost ? [word, folder] : [folder];
}

interface Import {
  from: string;
  typeOnly: boolean;
}

function importsOf(text: string): Import[] {
  const statements = [...text.matchAll(/^(?:import|export)\s+(type\s)?[^;"']*?from\s+"([^"]+)"/gm)];
  const dynamic = [...text.matchAll(/\bimport(?:\(\s*|\s+)"([^"]+)"/g)];
  return [
    ...statements.map(([, type, from]) => ({ from: from as string, typeOnly: type !== undefined })),
    ...dynamic.map(([, from]) => ({ from: from as string, typeOnly: false })),
  ];
}

/** The arrows of the design: who may import whom. */
function arrowsOf({ folder, kind }: PackageShape, file: string, text: string): string[] {
  const isTest = file.startsWith("test/");
  const place = `packages/${folder}/${file}`;
  return importsOf(text).flatMap(({ from, typeOnly }) => {
    const [, workspace] = from.startsWith(`${SCOPE}/`) ? from.split("/") : [];
    if (workspace === "scripts" || /\.\.\/scripts\//.test(from))
      return [`${place} imports scripts, which is never published`];
    if (file.startsWith("src/generated/")) {
      const isOwnIndex = file === "src/generated/index.ts" && from.startsWith("./");
      const parts = [`${SCOPE}/auth-runtime/features`, `${SCOPE}/auth-runtime/assertion`];
      const isFeatures = file === "src/generated/vendor.ts" && parts.includes(from);
      return typeOnly || isOwnIndex || isFeatures
        ? []
        : [`${place} is generated and imports more than types from ${from}`];
    }
    if (from.startsWith("../../") || (!isTest && from.startsWith("../") && !file.slice(4).includes("/"))) {
      return [`${place} reaches out of its package to ${from}`];
    }
    if (workspace === undefined) return [];
    const allowed = {
      client: isTest ? ["auth-runtime", "mock-servers"] : ["auth-runtime"],
      runtime: isTest ? ["mock-servers"] : [],
      mocks: [],
    }[kind] as string[];
    return allowed.includes(workspace) || workspace === folder
      ? []
      : [
          `${place} imports ${from}; from here only ${allowed.join(" and ") || "packages from outside the workspace"} may be`,
        ];
  });
}

function each(check: (shape: PackageShape) => string[]): ShapeRule {
  return ({ packages }) => packages.flatMap(check);
}

/** Of the hand-written TypeScript only. */
function eachFile(check: (place: string, text: string) => string[]): ShapeRule {
  return each(({ folder, files }) =>
    Object.entries(files)
      .filter(([file]) => file.endsWith(".ts") && !file.startsWith("src/generated/"))
      .flatMap(([file, text]) => check(`packages/${folder}/${file}`, text)),
  );
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
}
