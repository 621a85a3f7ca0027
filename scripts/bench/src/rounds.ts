import type { Measure, Row, Samples } from "./group.ts";

const WARM_UP_MS = 150;
/** Fewer, and the compiler has not got to a client's own code yet: what is then measured is its start. */
const WARM_UP_CALLS = 3000;
const ROUND_MS = 25;
/** Between two looks at the clock. */
const AT_ONCE = 20;

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
  await callsWithin(WARM_UP_MS, call, WARM_UP_CALLS);
  // Counted only now, because a first call may wait for what the others find.
  const calls = await callsWithin(ROUND_MS, call);
  return async () => {
    // What the row before left behind is not this one's to clear away.
    globalThis.gc?.({ type: "minor" });
    const usage = await usageOf(async () => {
      for (let index = 0; index < calls; index++) await call();
    });
    return Object.fromEntries(Object.entries(usage).map(([metric, ms]) => [metric, (ms * 1000) / calls]));
  };
}

/** Calls for so long, and so often at the least; answers how often it was. */
async function callsWithin(ms: number, call: () => Promise<unknown>, least = 0): Promise<number> {
  const until = performance.now() + ms;
  let calls = 0;
  do {
    for (let index = 0; index < AT_ONCE; index++) await call();
    calls += AT_ONCE;
  } while (calls < least || performance.now() < until);
  return calls;
}

/** The time some work takes in this process, in milliseconds: of all its threads, and by the clock on the wall. */
export async function usageOf(work: () => Promise<unknown>): Promise<{ cpu: number; wall: number }> {
  const [startedAt, before] = [performance.now(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(before);
  return { cpu: (user + system) / 1000, wall: performance.now() - startedAt };
}
