import { UsageError } from "./workspace.ts";

/** Types a line of a page as a person would, and answers what it printed. Throws where it does not end as the line says. */
export type Typist = (line: string) => Promise<string>;

/**
 * Follows a page of commands: each line of its `sh` blocks is typed, and each line of the `text` block behind it has to be in what was printed.
 * Throws {@link UsageError} for one that is not.
 */
export async function followPage(page: string, type: Typist): Promise<void> {
  let printed: string[] = [];
  for (const [, language, text = ""] of page.matchAll(/```(sh|text)\n([\s\S]*?)```/g)) {
    const lines = text.trimEnd().split("\n");
    if (language === "sh") {
      printed = [];
      for (const line of lines) printed.push(...(await type(line)).split("\n"));
    } else {
      const missing = lines.filter((line) => !printed.some((each) => each.includes(line)));
      if (missing.length > 0) throw new UsageError(`not printed:\n${missing.join("\n")}\nbut:\n${printed.join("\n")}`);
    }
  }
}

/** A line's command, and the code its comment says it ends with: `pnpm x # ends with 1`. */
export function expectationOf(line: string): { command: string; code: number } {
  const [command = "", comment = ""] = line.split(/\s+(?=# )/);
  return { command, code: Number(/ends with (\d)/.exec(comment)?.[1] ?? 0) };
}
