import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { clientFolders, type Manifest, packageFolders } from "../workspace.ts";

/** A package as the rules see it: plain data, so that a rule can be tried on a changed copy. */
export interface PackageShape {
  folder: string;
  kind: "client" | "runtime" | "mocks";
  manifestText: string;
  manifest: Manifest;
  /** Sources, tests, the shipped document and Markdown, by path within the package. */
  files: Record<string, string>;
}

export interface WorkspaceShape {
  packages: PackageShape[];
}

export function readWorkspace(root: string): WorkspaceShape {
  const clients = clientFolders(root);
  const packages = packageFolders(root).map((folder): PackageShape => {
    const path = join(root, "packages", folder);
    const manifestText = readFileSync(join(path, "package.json"), "utf8");
    const kind = clients.includes(folder) ? "client" : folder === "mock-servers" ? "mocks" : "runtime";
    const files = readdirSync(path, { recursive: true, encoding: "utf8" })
      .map((file) => file.replaceAll("\\", "/"))
      .filter((file) => /^((src|test)\/.+\.(ts|yaml)|[^/]+\.md)$/.test(file))
      .sort();
    return {
      folder,
      kind,
      manifestText,
      manifest: JSON.parse(manifestText) as Manifest,
      files: Object.fromEntries(files.map((file) => [file, readFileSync(join(path, file), "utf8")])),
    };
  });
  return { packages };
}
