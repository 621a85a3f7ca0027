import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Fault, startMock } from "@org/mock-servers";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { createUnithAuth } from "../src/index.ts";
import { type Kept, type Run, rotateOnce } from "./rotate-once.ts";

const mock = await startMock("unith-auth");
const folder = mkdtempSync(join(tmpdir(), "rotation-"));
const file = join(folder, "kept.json");
afterAll(async () => {
  await mock.stop();
  rmSync(folder, { recursive: true });
});

const http = { attemptTimeoutMs: 10_000, backoffMs: 1, maxResponseBytes: 100_000 };
const { email, secretKey: old } = mock.credentials as { email: string; secretKey: string };
const run: Run = { account: { email, server: mock.url, http }, file, stopAt: 0 };
beforeEach(start);
function start() {
  mock.reset();
  writeFileSync(file, JSON.stringify({ secretKey: old } satisfies Kept));
}

const kept = () => JSON.parse(readFileSync(file, "utf8")) as Kept;
const isAccepted = (secretKey: string) =>
  createUnithAuth({ email, secretKey, server: mock.url, http })
    .getToken()
    .then(
      () => true,
      () => false,
    );

/** What has to be so once a rotation is over: the key in use is good, another, and the account's only one. */
async function expectRotated(point: string) {
  const { secretKey } = kept();
  expect([await isAccepted(secretKey), await isAccepted(old), secretKey === old], point).toEqual([true, false, false]);
  expect(mock.credentials.secretKey).toBe(secretKey);
}

/** A process that rotates the key, and whether it was killed. */
function asProcess(own: Run, onStart: (kill: () => void) => void = () => undefined): Promise<boolean> {
  const script = fileURLToPath(new URL("rotate-once.ts", import.meta.url));
  return new Promise((resolve, reject) => {
    const child = execFile(process.execPath, [script, JSON.stringify(own)], (error, _, stderr) =>
      error && error.signal !== "SIGKILL" ? reject(new Error(stderr)) : resolve(error !== null),
    );
    onStart(() => child.kill("SIGKILL"));
  });
}
const unstoppable = () => {
  throw new Error("it was to run to its end");
};

describe("the rotation of a secret key whose process is killed and run again ends with one key, in use", () => {
  test("before and after each step, within readSecretKey, and on both sides of the hand-over", async () => {
    let killed = 0;
    for (let stopAt = 1; await asProcess({ ...run, stopAt }); stopAt++) {
      killed++;
      await rotateOnce(run, unstoppable);
      await expectRotated(`killed at ${stopAt}`);
      start();
    }
    await expectRotated("not killed");
    expect(killed).toBe(9);
  }, 90_000);

  test.each(["deleteSecretKey", "generateSecretKey"])(
    "while the answer of %s is on its way: where no key is known",
    async (id) => {
      mock.fail(id, { fault: "hang", applied: true });
      const isKilled = await asProcess(run, (kill) => {
        const timer = setInterval(() => {
          if (!mock.requests.some(({ operationId, fault }) => operationId === id && fault)) return;
          clearInterval(timer);
          kill();
        }, 2);
      });
      expect([isKilled, await isAccepted(old)]).toEqual([true, false]);
      await rotateOnce(run, unstoppable);
      await expectRotated(id);
    },
    60_000,
  );
});

const faults: Fault[] = [
  ...[{ status: 500 }, { status: 503, retryAfter: 0 }, { status: 400 }, { status: 401 }, { status: 403 }],
  ...[{ status: 409 }, { status: 429 }, { redirect: "/elsewhere" }],
  ...(["hang", "reset", "resetInBody", "truncate", "html", "garbage", "oversize"] as const).map((fault) => ({ fault })),
];
const MOST_RUNS = 8;

describe("the rotation of a secret key in which each fault is met loses no key", () => {
  // Only what hangs has to be given up on: on a busy machine anything else may take its time.
  const runUnder = (fault: Fault): Run =>
    "fault" in fault && fault.fault === "hang"
      ? { ...run, account: { ...run.account, http: { ...http, attemptTimeoutMs: 150 } } }
      : run;
  const circumstances = ["createToken", "deleteSecretKey", "generateSecretKey"].flatMap((id) =>
    [
      { applied: false, times: 1 },
      { applied: true, times: 1 },
      // The whole of a run fails, and the next goes on.
      { applied: true, times: 6 },
    ].map((circumstance) => ({ id, ...circumstance })),
  );
  test.each(circumstances)("%o", async ({ id, ...circumstance }) => {
    for (const fault of faults) {
      start();
      mock.fail(id, { ...fault, ...circumstance });
      for (let runs = 1; ; runs++) {
        const failure = await rotateOnce(runUnder(fault), unstoppable).then(
          () => undefined,
          (error: unknown) => error,
        );
        if (failure === undefined) break;
        if (runs === MOST_RUNS) throw failure;
      }
      await expectRotated(JSON.stringify(fault));
    }
  });
});
