import { readFile } from "node:fs/promises";
import { parse } from "yaml";
import type { OpenApiDocument } from "../spec/document.ts";
import { UsageError } from "../workspace.ts";

export interface VendorDocument {
  readonly label: string;
  readonly document: OpenApiDocument;
  /** OpenAPI 3.0, whose schemas say `nullable` and exclusive bounds otherwise. */
  readonly isOldDialect: boolean;
}

const TIMEOUT_MS = 30_000;

/** Reads a vendor's document from a file or a URL, JSON or YAML. Throws {@link UsageError} in one sentence if it is none. */
export async function readVendorDocument(source: string): Promise<VendorDocument> {
  const text = /^https?:/.test(source) ? await download(source) : await readText(source);
  let parsed: unknown;
  try {
    parsed = parse(text);
  } catch (error) {
    const [reason] = (error as Error).message.split("\n");
    throw new UsageError(`[spec:drift] ${source} is neither JSON nor YAML: ${reason}`);
  }
  const document = (typeof parsed === "object" && parsed !== null ? parsed : {}) as OpenApiDocument & {
    swagger?: string;
  };
  if (document.swagger !== undefined) {
    throw new UsageError(
      `[spec:drift] ${source} is Swagger ${document.swagger}; convert it first: npx swagger2openapi ${source} -o vendor.json`,
    );
  }
  const version = String(document.openapi ?? "");
  if (!/^3\.[01]\./.test(version) || typeof document.paths !== "object" || document.paths === null) {
    throw new UsageError(`[spec:drift] ${source} is no OpenAPI 3.0 or 3.1 document with paths; pass the vendor's own`);
  }
  return { label: source, document, isOldDialect: version.startsWith("3.0") };
}

async function readText(file: string): Promise<string> {
  return readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`[spec:drift] ${file} cannot be read (${error.code}); pass a file or an http(s) URL`);
  });
}

async function download(url: string): Promise<string> {
  const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) }).catch((error: Error) => {
    const { code } = (error.cause ?? {}) as { code?: string };
    throw new UsageError(`[spec:drift] ${url} cannot be reached (${code ?? error.name}); nothing was compared`);
  });
  if (!response.ok) throw new UsageError(`[spec:drift] ${url} answers ${response.status}; nothing was compared`);
  return response.text();
}
