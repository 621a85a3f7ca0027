import { type Fault, startMock } from "@org/mock-servers";
import { afterAll, describe, expect, test } from "vitest";
import { createSmoochKeys, isSmoochKeysError } from "../src/index.ts";
import { type RotationStep, rotateKey } from "../src/rotate.ts";
import { type Account, connect, isAccepted, type Key } from "./rotation-consumer.ts";

const mock = await startMock("smooch-keys", { protect: ["/probe"] });
afterAll(() => mock.stop());

const faults: Fault[] = [
  ...[{ status: 500 }, { status: 503, retryAfter: 0 }, { status: 401 }, { status: 403 }, { status: 429 }],
  ...(["hang", "reset", "resetInBody", "truncate", "html", "garbage", "oversize"] as const).map((fault) => ({ fault })),
  ...[{ redirect: "/elsewhere" }, { status: 201, body: {} }, { status: 200, body: { keys: 1, key: { id: 1 } } }],
];
/** Which requests each step makes; `look` is the list a run begins with. */
const steps: Record<string, string> = {
  look: "listAppKeys",
  create: "createAppKey",
  verify: "listIntegrationKeys",
  delete: "deleteAppKey",
};
const MOST_RUNS = 6;

interface Outcome {
  /** Moments at which the key in use was refused. */
  lost: number;
  /** Keys of the rotation that nobody uses once it is over. */
  orphaned: number;
  runs: number;
}

/** Rotates a key under a fault, again and again until it is through, as a cron job would. */
async function rotateUnder(operation: string, fault: Fault, hidesSecrets: boolean): Promise<Outcome> {
  mock.reset();
  const account: Account = { ...mock.credentials, server: mock.url, hidesSecrets };
  // Only what hangs has to be given up on: on a busy machine anything else may take its time.
  const attemptTimeoutMs = "fault" in fault && fault.fault === "hang" ? 150 : 10_000;
  const smooch = connect(account, attemptTimeoutMs);
  const calm = connect(account);
  const appId = "a";
  const { key: old } = await calm.createAppKey({ appId, displayName: "billing" });
  const { key: other } = await calm.createAppKey({ appId, displayName: "reports" });
  let current: Key = old;
  let progress: RotationStep | undefined;
  let lost = 0;
  mock.fail(operation, fault);
  for (let runs = 1; ; runs++) {
    const failure = await rotateKey(smooch, {
      appId,
      keyId: old.id,
      async verify({ id: keyId, secret }) {
        const own = createSmoochKeys({ keyId, secret, server: mock.url, http: { attempts: 1, attemptTimeoutMs } });
        await own.listIntegrationKeys({ appId, integrationId: "probe" });
      },
      handOver: (key) => {
        current = key;
      },
      onStep: (step) => {
        progress = step;
      },
      progress,
    }).catch((error: unknown) => error as Error);
    if (!(await isAccepted(account, current))) lost++;
    if (!(failure instanceof Error)) {
      const { keys } = await calm.listAppKeys({ appId });
      const strange = keys.filter(({ id }) => id !== other.id && id !== current.id);
      expect(keys.map(({ id }) => id)).toContain(other.id);
      expect(failure.keyId).toBe(current.id);
      return { lost, orphaned: strange.length, runs };
    }
    expect(isSmoochKeysError(failure), String(failure)).toBe(true);
    if (runs === MOST_RUNS) throw failure;
  }
}

describe.each(Object.entries(steps))("a rotation in whose step %s (%s)", (step, operation) => {
  // Only a lost creation has to be found again by what is listed.
  const views = step === "create" ? ["listed", "hidden"] : ["listed"];
  const circumstances = [
    { applied: false, times: 1 },
    { applied: true, times: 1 },
    // As often as a request is sent: the step fails, and the next run finds what it left.
    { applied: true, times: 3 },
  ];
  test.each(circumstances)("each fault, %o, loses no key and leaves none over", async (circumstance) => {
    const outcomes: Record<string, Outcome> = {};
    for (const fault of faults)
      for (const view of views)
        outcomes[`${JSON.stringify(fault)}, secrets ${view}`] = await rotateUnder(
          operation,
          { ...fault, ...circumstance },
          view === "hidden",
        );
    const bad = Object.entries(outcomes).filter(([, { lost, orphaned }]) => lost + orphaned > 0);
    expect(bad).toEqual([]);
    expect(Object.keys(outcomes)).toHaveLength(faults.length * views.length);
  });
});
