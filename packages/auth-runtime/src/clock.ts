/** Where time comes from. A token is expired when either clock says so. */
export interface Clock {
  /** The wall clock, in milliseconds since the epoch; it may jump. */
  now(): number;
  /** A clock that never goes back, in milliseconds since any moment; it may stop while the machine sleeps. */
  monotonic(): number;
}

/** The system's own, looked up at each call. */
export const SYSTEM_CLOCK: Clock = { now: () => Date.now(), monotonic: () => performance.now() };
