import type { Measure, Row, Samples } from "./group.ts";

const WARM_UP_MS = 150;
const ROUND_MS = 25;

/** Measures rows for many short rounds, each time in another order, so that what slows the machine down meets all alike. */
export async function interleave(rows: readonly Row[], rounds: number): Promise<Samples> {
  const ready: [string, Measure][] = [];
  for (const row of rows) ready.push([row.name, await row.prepare()]);
  const samples: Samples = Object.fromEntries(ready.map(([name]) => [name, []]));
  for (let round = 0; round < rounds; round++)
    for (const [name, measure] of shuffled(ready)) samples[name]?.push(await measure());
  return samples;
}

function shuffled<T>(values: readonly T[]): T[] {
  return values
    .map((value) => ({ value, key: Math.random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ value }) => value);
}

/** Warms a call up, and answers what measures a round of as many calls as fit into it, one after another. */
export async function callsPerRound(call: () => Promise<unknown>): Promise<Measure> {
  let calls = 0;
  const warmUntil = performance.now() + WARM_UP_MS;
  while (performance.now() < warmUntil) {
    for (let index = 0; index < 20; index++) await call();
    calls += 20;
  }
  const perRound = Math.max(1, Math.round((calls * ROUND_MS) / WARM_UP_MS));
  return async () => {
    // What the row before left behind is not this one's to clear away.
    globalThis.gc?.({ type: "minor" });
    const usage = await usageOf(async () => {
      for (let index = 0; index < perRound; index++) await call();
    });
    return Object.fromEntries(Object.entries(usage).map(([metric, ms]) => [metric, (ms * 1000) / perRound]));
  };
}

/** The time some work takes in this process, in milliseconds: of all its threads, and by the clock on the wall. */
export async function usageOf(work: () => Promise<unknown>): Promise<{ cpu: number; wall: number }> {
  const [startedAt, before] = [performance.now(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(before);
  return { cpu: (user + system) / 1000, wall: performance.now() - startedAt };
}
