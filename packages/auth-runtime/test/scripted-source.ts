import { VendorError } from "../src/errors.ts";
import type { ClientEvent } from "../src/events.ts";
import { createTokenSource, type IssuedToken, type Token, type TokenSourceParts } from "../src/token-source.ts";

/** Two clocks that stand still until they are moved. */
export function createFakeClock() {
  let now = 1_700_000_000_000;
  let monotonic = 5_000;
  return {
    clock: { now: () => now, monotonic: () => monotonic },
    advance: (ms: number) => {
      now += ms;
      monotonic += ms;
    },
    /** Only the wall clock. */
    jump: (ms: number) => {
      now += ms;
    },
  };
}

/** The parts of a source that most tests do not care about; there is no jitter. */
export const plainParts = {
  holdOffMs: (error: unknown) => (error as { holdMs?: number }).holdMs ?? 0,
  fail: (message, code = "invalid_options") => new VendorError("@test/source", code, message),
  forget: () => undefined,
  emit: () => undefined,
  deadlineMs: 30_000,
  inBackground: () => undefined,
  random: () => 0,
} satisfies Partial<TokenSourceParts>;

/** A token source whose requests are answered by hand: `issue(0)` answers the first with `token-0`. */
export function createScripted(lifetimeMs: number, parts: Partial<TokenSourceParts> = {}) {
  const { clock, advance, jump } = createFakeClock();
  const pending: PromiseWithResolvers<IssuedToken>[] = [];
  const signals: AbortSignal[] = [];
  const currents: (Token | undefined)[] = [];
  const events: ClientEvent[] = [];
  const forgotten: string[] = [];
  const source = createTokenSource({
    clock,
    obtain: (signal, current) => {
      const request = Promise.withResolvers<IssuedToken>();
      pending.push(request);
      signals.push(signal);
      currents.push(current?.token);
      return request.promise;
    },
    ...plainParts,
    forget: (accessToken) => void forgotten.push(accessToken),
    emit: (event) => void events.push(event),
    ...parts,
  });
  /** An answer to a request sent now, delivered later. */
  const prepare = () => {
    const sent = { issuedAt: clock.now(), startedAt: clock.monotonic(), lifetimeMs };
    return (index: number) => pending[index]?.resolve({ accessToken: `token-${index}`, ...sent });
  };
  const issue = Object.assign((index: number) => prepare()(index), { prepare });
  return {
    ...{ source, clock, advance, jump, issue, signals, currents, events, forgotten },
    requests: () => pending.length,
    fail: (index: number, error: Error) => pending[index]?.reject(error),
    settle: () => new Promise((resolve) => setImmediate(resolve)),
  };
}
