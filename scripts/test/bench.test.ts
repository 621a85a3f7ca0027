import { describe, expect, test } from "vitest";
import { CONTROL, type Group } from "../bench/src/group.ts";
import { groups } from "../bench/src/groups/index.ts";
import { measure, ratioOf } from "../bench/src/result.ts";
import { interleave } from "../bench/src/rounds.ts";
import { spreadOf } from "../bench/src/statistics.ts";
import { TARGETS } from "../bench/src/targets.ts";

/** A group whose rows take what a list says, round by round; the baseline's second list is its control's. */
function groupOf(baseline: number[][], row: number[]): Group {
  let prepared = 0;
  const play = (values: number[]) => () => ({ cpu: values.shift() ?? Number.NaN });
  return {
    name: "scripted",
    about: "",
    columns: { cpu: "CPU" },
    rows: [
      { name: "baseline", prepare: () => play([...(baseline[prepared++] ?? [])]) },
      { name: "row", prepare: () => play([...row]) },
    ],
    rounds: row.length,
  };
}

describe("a benchmark's figures", () => {
  test("are the middle of all rounds and the quarter on either side", () => {
    expect(spreadOf([9, 1, 3, 7, 5])).toEqual({ median: 5, low: 3, high: 7 });
    expect(spreadOf([4, 1])).toEqual({ median: 2.5, low: 1.75, high: 3.25 });
  });

  test("are ratios of rounds that were measured together, so that a slow moment counts for both", () => {
    const samples = { baseline: [{ cpu: 1 }, { cpu: 100 }, { cpu: 2 }], row: [{ cpu: 2 }, { cpu: 200 }, { cpu: 4 }] };
    expect(ratioOf(samples, "row", "baseline", "cpu")).toEqual({ median: 2, low: 2, high: 2 });
  });

  test("can be trusted where the baseline against itself stays near 1, and are marked where it does not", async () => {
    const quiet = await measure(
      groupOf(
        [
          [100, 100, 100],
          [101, 104, 99],
        ],
        [150, 150, 150],
      ),
      ["row"],
    );
    expect(quiet).toMatchObject({ isTrusted: true, control: { median: 1.01 } });
    expect(quiet.rows.map(({ name, ratio }) => [name, ratio.median])).toEqual([
      ["baseline", 1],
      ["row", 1.5],
    ]);
    const noisy = await measure(
      groupOf(
        [
          [100, 100, 100],
          [110, 120, 99],
        ],
        [150, 150, 150],
      ),
      ["row"],
    );
    expect(noisy.isTrusted).toBe(false);
  });

  test("come from rounds in which every row is measured once, in changing order", async () => {
    const order: string[] = [];
    const rows = ["a", "b", "c"].map((name) => ({ name, prepare: () => () => ({ at: order.push(name) }) }));
    await interleave(rows, 50);
    const rounds = Array.from({ length: 50 }, (_, round) => order.slice(round * 3, round * 3 + 3).join(""));
    expect(new Set(rounds.map((round) => [...round].sort().join("")))).toEqual(new Set(["abc"]));
    expect(new Set(rounds).size).toBeGreaterThan(1);
  });
});

test("every target is set for two rows that are measured", () => {
  const rows = groups.flatMap(({ name, rows }) => rows.map((row) => `${name}: ${row.name}`));
  expect(rows).not.toContain(CONTROL);
  expect(new Set(rows).size).toBe(rows.length);
  for (const { group, row, against } of TARGETS) {
    expect(rows).toContain(`${group}: ${row}`);
    expect(rows).toContain(`${group}: ${against}`);
  }
});
