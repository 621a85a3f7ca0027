import { readFileSync, writeFileSync } from "node:fs";
import { rotateKey } from "../src/rotate.ts";
import { type Account, connect, type Kept, type Place } from "./rotation-consumer.ts";

/** What one run is told. */
export interface Run {
  account: Account;
  place: Place;
  keyId: string;
  /** What the caller keeps between runs. */
  file: string;
  keepsProgress: boolean;
  /** At which of the points it passes the run is stopped, counted from 1. */
  stopAt: number;
}

/** A caller that may be stopped before and after each step, within `verify`, and on both sides of the hand-over. */
export function rotateOnce({ account, place, keyId, file, keepsProgress, stopAt }: Run, stop: () => void) {
  const read = () => JSON.parse(readFileSync(file, "utf8")) as Kept;
  const keep = (change: Partial<Kept>) => writeFileSync(file, JSON.stringify({ ...read(), ...change }));
  let points = 0;
  const pass = () => {
    if (++points === stopAt) stop();
  };
  return rotateKey(connect(account), {
    ...place,
    keyId,
    verify: pass,
    handOver(key) {
      pass();
      keep({ current: key });
      pass();
    },
    onStep(step) {
      if (keepsProgress) keep({ progress: step });
      pass();
    },
    progress: read().progress,
  });
}

// As a program of its own it stops by being killed.
if (process.argv[1] === import.meta.filename)
  await rotateOnce(JSON.parse(process.argv[2] ?? "") as Run, () => process.kill(process.pid, "SIGKILL"));
