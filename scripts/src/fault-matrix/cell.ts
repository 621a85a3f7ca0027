import { setTimeout as wait } from "node:timers/promises";
import type { Door } from "./doors.ts";
import type { Fault } from "./fault.ts";
import { INVARIANTS, type Outcome, summary } from "./invariants.ts";
import { type Situation, startSituation } from "./situation.ts";
import type { Subject } from "./subject.ts";

/** One fault behind one door of one client. */
export interface Cell {
  readonly subject: Subject;
  readonly door: Door;
  readonly fault: Fault;
}

/** What broke. */
export interface Breach {
  readonly invariant: string;
  readonly detail: string;
}

export interface CellResult {
  readonly cell: Cell;
  /** How the call ended: `returned`, or the code or name of its error. */
  readonly ended: string;
  readonly breaches: readonly Breach[];
}

/** Longer than a connection takes to be reset. */
const RESET_MS = 50;
/** Later than anything a client holds back for: refused credentials, an outage, a pause that was asked for. */
const HOLD_OFF_MS = 61_000;
/** A call that runs this long after its limit never ends. */
const STUCK_MS = 1000;

/** Tries one cell: the call with the fault, and the next without it. */
export async function runCell(cell: Cell): Promise<CellResult> {
  try {
    await using situation = await startSituation(cell.subject, cell.fault);
    const { ended, error } = await settle(async () => cell.door.prepare?.(situation), stuckMsOf(situation));
    return ended === "returned" ? await tryDoor(situation, cell) : untried(cell, error);
  } catch (error) {
    return untried(cell, error);
  }
}

function untried(cell: Cell, error: unknown): CellResult {
  const detail = error === undefined ? "its preparation never ends" : summary(error);
  return { cell, ended: "untried", breaches: [{ invariant: "can be tried", detail }] };
}

const stuckMsOf = ({ limits }: Situation) => limits.timeoutMs + STUCK_MS;

async function tryDoor(situation: Situation, cell: Cell): Promise<CellResult> {
  const { door } = cell;
  const before = situation.requestsOf(door.target).length;
  await situation.arm(door);
  if (door.endsBy === "signal") situation.startSignal();
  const outcome = await settle(() => door.call(situation), stuckMsOf(situation));
  const view = {
    ...situation,
    requestsOf: (target: string) => situation.requestsOf(target).slice(target === door.target ? before : 0),
  };
  const breaches = Object.entries(INVARIANTS).flatMap(([invariant, check]) => {
    const detail = check(view, door, outcome);
    return detail === undefined ? [] : [{ invariant, detail }];
  });
  const lost = await recover(situation, door);
  if (lost !== undefined) breaches.push({ invariant: "the next call recovers", detail: lost });
  return { cell, ended: endOf(outcome), breaches };
}

async function settle(call: () => Promise<unknown>, stuckMs: number): Promise<Outcome> {
  const startedAt = performance.now();
  const durationMs = () => performance.now() - startedAt;
  let timer: NodeJS.Timeout | undefined;
  const stuck = new Promise<Outcome>((resolve) => {
    timer = setTimeout(() => resolve({ ended: "stuck", durationMs: durationMs() }), stuckMs);
  });
  const outcome = call().then(
    (value): Outcome => ({ ended: "returned", value, durationMs: durationMs() }),
    (error: unknown): Outcome => ({ ended: "threw", error, durationMs: durationMs() }),
  );
  return Promise.race([outcome, stuck]).finally(() => clearTimeout(timer));
}

/** The fault is gone and every pause over: the same call succeeds. */
async function recover(situation: Situation, door: Door): Promise<string | undefined> {
  await situation.disarm();
  // A connection that is reset after its answer must be gone before another request is sent on it.
  if (/^an answer, then/.test(situation.fault.name)) await wait(RESET_MS);
  situation.advance(HOLD_OFF_MS);
  const patient = { ...situation, signal: new AbortController().signal };
  const { ended, value, error } = await settle(() => door.call(patient), stuckMsOf(situation));
  const rest = await settle(() => Promise.all(situation.background), stuckMsOf(situation));
  if (ended === "stuck" || rest.ended === "stuck") return "it never ends";
  if (ended === "threw") return summary(error);
  const { ok = true } = value instanceof Response ? value : ((Object(value) as { response?: Response }).response ?? {});
  return ok ? undefined : `answered ${summary(value)}`;
}

function endOf({ ended, error, value }: Outcome): string {
  if (ended === "threw")
    return String(error instanceof DOMException ? error.name : ((error as { code?: unknown }).code ?? error));
  const response = value instanceof Response ? value : (Object(value) as { response?: Response }).response;
  return response instanceof Response && !response.ok ? `answered ${String(response.status)[0]}xx` : ended;
}
