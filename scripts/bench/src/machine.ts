import { availableParallelism, type as systemType, totalmem } from "node:os";
import { fileURLToPath } from "node:url";
import { readManifest } from "../../src/workspace.ts";

/** The kind of machine this is, and not which. */
export function machineClass(): string {
  const memoryGb = Math.round(totalmem() / 2 ** 30);
  return `${availableParallelism()} cores, ${memoryGb} GB of memory, ${systemType()} on ${process.arch}, Node ${process.versions.node}`;
}

/** The measured peers with their versions. */
export function peerVersions(): [name: string, version: string][] {
  const manifest = readManifest(fileURLToPath(new URL("..", import.meta.url))) as unknown as {
    devDependencies: Record<string, string>;
  };
  return Object.entries(manifest.devDependencies).filter(([name]) => !/^(@types\/.*|esbuild)$/.test(name));
}
