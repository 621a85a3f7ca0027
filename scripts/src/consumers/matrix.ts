/** The outcome of each cell: an error, a success, or nothing where there was nothing to try. */
export type Outcome = Error | "ok" | "–";

/** A table on the console, its rows and columns in the order in which they were first named. */
export class Matrix {
  readonly #cells = new Map<string, Map<string, Outcome>>();

  set(row: string, column: string, outcome: Outcome): void {
    this.#cells.set(row, (this.#cells.get(row) ?? new Map<string, Outcome>()).set(column, outcome));
  }

  /** Tries something, and sets the cell to what came of it. */
  async try(row: string, column: string, work: () => Promise<void>): Promise<void> {
    this.set(row, column, "–");
    await work().then(
      () => this.set(row, column, "ok"),
      (error: Error) => this.set(row, column, error),
    );
  }

  get failures(): string[] {
    return [...this.#cells].flatMap(([row, cells]) =>
      [...cells].flatMap(([column, outcome]) =>
        outcome instanceof Error ? [`${row}, ${column}: ${outcome.message}`] : [],
      ),
    );
  }

  get size(): number {
    return [...this.#cells.values()].flatMap((cells) => [...cells.values()]).filter((each) => each !== "–").length;
  }

  toString(): string {
    const columns = [...new Set([...this.#cells.values()].flatMap((cells) => [...cells.keys()]))];
    const widest = Math.max(...[...this.#cells.keys()].map((row) => row.length));
    const line = (head: string, cells: string[]) =>
      `${head.padEnd(widest)}  ${cells.map((cell, index) => cell.padEnd(columns[index]?.length ?? 0)).join("  ")}`.trimEnd();
    const show = (outcome: Outcome = "–") => (outcome instanceof Error ? "FAIL" : outcome);
    const rows = [...this.#cells].map(([row, cells]) =>
      line(
        row,
        columns.map((column) => show(cells.get(column))),
      ),
    );
    return [line("", columns), ...rows].join("\n");
  }
}
