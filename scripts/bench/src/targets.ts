import { type GroupResult, ratioOf } from "./result.ts";
import type { Spread } from "./statistics.ts";

/** A row that the project means to keep within so many times another of the same group. */
interface Target {
  readonly group: string;
  readonly row: string;
  readonly against: string;
  readonly most: number;
  /** Where profiles show the rest of the time to go, if it is more. */
  readonly rest?: string;
}

export const TARGETS: readonly Target[] = [
  {
    group: "calls over loopback",
    row: "`klavi.fetch`",
    against: "bare `fetch` with a fixed header",
    most: 1.05,
    rest: "asking for the token with its two clocks, copying the headers to set one, and looking at the origin; less than 2 µs where a call follows a call",
  },
  {
    group: "calls over loopback",
    row: "`klavi.refreshAccessToken`",
    against: "openapi-fetch with a middleware",
    most: 1.05,
    rest:
      "the timers of its two deadlines are some 4 % of the call, the signals and promises behind them 2 %, checking its input and building its request 2 %; " +
      "openapi-fetch with one deadline is the fairer peer",
  },
  { group: "import time", row: "@org/klavi-auth", against: "google-auth-library", most: 0.25 },
  {
    group: "generation of 100 specs",
    row: "`pnpm generate`, every spec new",
    against: "openapi-typescript alone",
    most: 1.3,
    rest: "Redocly's linting takes longer than all generation, most of it in checking examples; a spec is linted before anything is written from it",
  },
  {
    group: "generation of 100 specs",
    row: "`pnpm generate`, no spec changed",
    against: "openapi-typescript alone",
    most: 1.3,
  },
  { group: "start of mock servers", row: "ours, every spec", against: "Prism CLI, one spec", most: 1.5 },
];

export interface TargetResult extends Target {
  readonly ratio: Spread;
  readonly isReached: boolean;
}

/** How the measured groups stand to the targets set for them. */
export function targetsOf(results: readonly GroupResult[]): TargetResult[] {
  return TARGETS.flatMap((target) => {
    const result = results.find(({ name }) => name === target.group);
    const { samples = {}, columns = {} } = result ?? {};
    if (!samples[target.row] || !samples[target.against]) return [];
    const ratio = ratioOf(samples, target.row, target.against, Object.keys(columns)[0] ?? "");
    return [{ ...target, ratio, isReached: ratio.median <= target.most }];
  });
}
