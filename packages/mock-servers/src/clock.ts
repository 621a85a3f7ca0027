import { MockError } from "./errors.ts";

/** The time a mock lives in: the machine's, and what it was advanced by. A client takes it as its `clock`. */
export interface MockClock {
  /** Milliseconds since the epoch. */
  now(): number;
  monotonic(): number;
  /** Moves both on, so that tokens expire without anyone waiting. */
  advance(ms: number): void;
}

export function createMockClock(): MockClock {
  let ahead = 0;
  return {
    now: () => Date.now() + ahead,
    monotonic: () => performance.now() + ahead,
    advance(ms) {
      if (!(Number.isFinite(ms) && ms >= 0)) throw new MockError("the clock is advanced by milliseconds, 0 or more");
      ahead += ms;
    },
  };
}
