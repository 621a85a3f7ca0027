import { readFileSync, writeFileSync } from "node:fs";
import type { UnithAuthOptions } from "../src/index.ts";
import { rotateSecretKey, type SecretKeyRotationStep } from "../src/rotate.ts";

/** What a caller keeps between runs, like a password: the key in use, and how far a rotation had come. */
export interface Kept {
  secretKey: string;
  progress?: SecretKeyRotationStep | undefined;
}
/** What one run is told. */
export interface Run {
  account: Omit<UnithAuthOptions, "secretKey">;
  file: string;
  /** At which of the points it passes the run is stopped, counted from 1. */
  stopAt: number;
}

/** A caller that may be stopped before and after each step, within `readSecretKey`, and on both sides of the hand-over. */
export function rotateOnce({ account, file, stopAt }: Run, stop: () => void): Promise<void> {
  const read = () => JSON.parse(readFileSync(file, "utf8")) as Kept;
  const keep = (change: Partial<Kept>) => writeFileSync(file, JSON.stringify({ ...read(), ...change }));
  const { secretKey, progress } = read();
  let points = 0;
  const pass = () => {
    if (++points === stopAt) stop();
  };
  return rotateSecretKey(
    { ...account, secretKey },
    {
      readSecretKey(body) {
        pass();
        return (body as { secretKey: string }).secretKey;
      },
      handOver(key) {
        pass();
        keep({ secretKey: key });
        pass();
      },
      onStep(step) {
        keep({ progress: step });
        pass();
      },
      progress,
    },
  );
}

// As a program of its own it stops by being killed.
if (process.argv[1] === import.meta.filename)
  await rotateOnce(JSON.parse(process.argv[2] ?? "") as Run, () => process.kill(process.pid, "SIGKILL"));
