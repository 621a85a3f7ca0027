import { checkMethods } from "./checks.ts";
import { type Fail, safeCopy } from "./errors.ts";
import type { Redact } from "./redact.ts";

/** Where time comes from. A token is expired when either clock says so. */
export interface Clock {
  /** The wall clock, in milliseconds since the epoch; it may jump. */
  now(): number;
  /** A clock that never goes back, in milliseconds since any moment; it may stop while the machine sleeps. */
  monotonic(): number;
}

/** The system's own, looked up at each call. */
export const SYSTEM_CLOCK: Clock = { now: () => Date.now(), monotonic: () => performance.now() };

/** Both clocks just before a request was sent, from where a token's lifetime counts. */
export interface Moment {
  readonly issuedAt: number;
  readonly startedAt: number;
}

export function momentOf(clock: Clock): Moment {
  return { issuedAt: clock.now(), startedAt: clock.monotonic() };
}

/** The time since a moment, by the clock that says more. */
export function elapsedMs(clock: Clock, { issuedAt, startedAt }: Moment): number {
  return Math.max(clock.now() - issuedAt, clock.monotonic() - startedAt);
}

/**
 * A user's clock with every reading checked, or the system's where none is given. `NaN` compares as neither earlier nor later, so
 * an unchecked one would keep a token for ever. Throws `invalid_options` for what is no clock, and so does each wrong reading;
 * the cause is what the clock threw, as far as `redact` lets it be shown.
 */
export function checkClock(given: Clock | undefined, fail: Fail, redact?: Redact): Clock {
  checkMethods(given, "now, monotonic", "clock", fail);
  if (given === undefined) return SYSTEM_CLOCK;
  const read = (name: "now" | "monotonic") => () => {
    let reading = Number.NaN;
    let shown: unknown;
    try {
      reading = given[name]();
    } catch (error) {
      shown = redact && safeCopy(error, redact);
    }
    if (Number.isFinite(reading)) return reading;
    throw fail(`clock.${name} has to return a finite number, always`, "invalid_options", { shown });
  };
  return { now: read("now"), monotonic: read("monotonic") };
}

/** A zone's name, or an offset that follows a time: `-25` at the end of a date alone is its day. */
const ZONE = /(?:Z|UTC?|GMT|[ECMP][SD]T|:\d\d(?:\.\d+)?(?: ?[AP]M)? ?(?:GMT|UTC)?[+-]\d\d(?::?\d\d)?)(?: \(.*\))?$/i;
const LONGEST_DATE = 99;

/**
 * A date's text in milliseconds since the epoch, `NaN` where it is none. A date without a zone is UTC, as vendors mean it;
 * `Date.parse` alone takes it for the machine's own zone.
 */
export function parseDate(text: string): number {
  const date = text.trim();
  if (date.length > LONGEST_DATE) return Number.NaN;
  if (ZONE.test(date)) return Date.parse(date);
  const iso = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d[\d:.]*)$/i.exec(date);
  return Date.parse(iso ? `${iso[1]}T${iso[2]}Z` : `${date} UTC`);
}
