import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startMock } from "@org/mock-servers";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { type Run, rotateOnce } from "./rotate-once.ts";
import { type Account, connect, isAccepted, type Kept } from "./rotation-consumer.ts";

const mock = await startMock("smooch-keys", { protect: ["/probe"] });
const folder = mkdtempSync(join(tmpdir(), "rotation-"));
const file = join(folder, "kept.json");
beforeEach(() => mock.reset());
afterAll(async () => {
  await mock.stop();
  rmSync(folder, { recursive: true });
});

const kept = () => JSON.parse(readFileSync(file, "utf8")) as Kept;
const stopped = Symbol("stopped");

/** How a run ends: over, stopped, or by an error's message. */
type End = undefined | typeof stopped | string;
type RunOnce = (run: Run, onStart?: (kill: () => void) => void) => Promise<End>;

const inProcess: RunOnce = (run) =>
  rotateOnce(run, () => {
    throw stopped;
  }).then(
    () => undefined,
    (error: unknown) => (error === stopped ? stopped : String(error)),
  );

const asProcess: RunOnce = (run, onStart) =>
  new Promise((resolve) => {
    const script = fileURLToPath(new URL("rotate-once.ts", import.meta.url));
    const child = execFile(process.execPath, [script, JSON.stringify(run)], (error, _, stderr) =>
      resolve(error?.signal === "SIGKILL" ? stopped : error ? stderr : undefined),
    );
    onStart?.(() => child.kill("SIGKILL"));
  });

/** A key in use and one that is none of our business, and what can be seen of them from outside. */
async function prepare({ isApp, hidesSecrets, keepsProgress }: Variant) {
  const account: Account = { ...mock.credentials, server: mock.url, hidesSecrets };
  const smooch = connect(account);
  const at = { appId: "a", integrationId: "i" };
  const create = async (displayName: string) => {
    const input = { ...at, displayName };
    return (await (isApp ? smooch.createAppKey({ appId: "a", displayName }) : smooch.createIntegrationKey(input))).key;
  };
  const [old, other] = [await create("billing"), await create("reports")];
  writeFileSync(file, JSON.stringify({ current: old }));
  const ids = async () =>
    (await (isApp ? smooch.listAppKeys({ appId: "a" }) : smooch.listIntegrationKeys(at))).keys.map(({ id }) => id);
  const run: Run = { account, place: isApp ? { appId: "a" } : at, keyId: old.id, file, keepsProgress, stopAt: 0 };
  return { run, old, other, ids, isInUseAccepted: () => isAccepted(account, kept().current) };
}
interface Variant {
  isApp: boolean;
  hidesSecrets: boolean;
  keepsProgress: boolean;
}

/** Stops a run at every point in turn and runs it again: how many points there were. */
async function stopEverywhere(variant: Variant, rotate: RunOnce): Promise<number> {
  for (let stopAt = 1; ; stopAt++) {
    mock.reset();
    const { run, old, other, ids, isInUseAccepted } = await prepare(variant);
    const end = await rotate({ ...run, stopAt });
    const point = `stopped at ${stopAt}`;
    expect(await isInUseAccepted(), point).toBe(true);
    const isOver = !(await ids()).includes(old.id);
    if (end === stopped) {
      const again = await inProcess(run);
      // All is done; but who keeps nothing and is shown no secrets cannot know.
      const cannotKnow = isOver && variant.hidesSecrets && !variant.keepsProgress;
      expect(again, point).toEqual(cannotKnow ? expect.stringContaining("pass the progress") : undefined);
    } else expect(end).toBeUndefined();
    expect(await ids(), point).toEqual([other.id, kept().current.id]);
    expect(kept().current.id).not.toBe(old.id);
    expect(await isInUseAccepted(), point).toBe(true);
    if (end !== stopped) return stopAt - 1;
  }
}

// Before and after each of four steps, within verify, and on both sides of the hand-over.
const POINTS = 11;
const both = [true, false];
const variants = both.flatMap((isApp) =>
  both.flatMap((hidesSecrets) => both.map((keepsProgress) => ({ isApp, hidesSecrets, keepsProgress }))),
);

describe("a rotation that is stopped at any point and run again ends with one new key in use and none left over", () => {
  test.each(variants)("%o", async (variant) => {
    expect(await stopEverywhere(variant, inProcess)).toBe(POINTS);
  });

  test("its process killed", async () => {
    const variant = { isApp: true, hidesSecrets: true, keepsProgress: true };
    expect(await stopEverywhere(variant, asProcess)).toBe(POINTS);
  }, 90_000);

  test.each(["createAppKey", "deleteAppKey"])(
    "its process killed while the answer of %s is on its way",
    async (id) => {
      const { run, ids, other, isInUseAccepted } = await prepare({
        isApp: true,
        hidesSecrets: false,
        keepsProgress: false,
      });
      mock.fail(id, { fault: "hang", applied: true });
      const end = await asProcess(run, (kill) => {
        const timer = setInterval(() => {
          if (!mock.requests.some(({ operationId, fault }) => operationId === id && fault)) return;
          clearInterval(timer);
          kill();
        }, 2);
      });
      expect(end).toBe(stopped);
      expect(await isInUseAccepted()).toBe(true);
      expect(await inProcess(run)).toBeUndefined();
      expect(await ids()).toEqual([other.id, kept().current.id]);
      expect(await isInUseAccepted()).toBe(true);
    },
    60_000,
  );
});
