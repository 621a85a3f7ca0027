import type { Fail } from "@org/auth-runtime";
import type { SmoochKeys } from "./generated/index.ts";
import type { RotationOptions, RotationStep } from "./rotate.ts";

/** The vendor takes no more keys of one app, or of one custom integration. */
const MAX_KEYS = 10;
const MAX_NAME_LENGTH = 100;

/** A key as lists show it. Whether the vendor shows secrets there is not sure. */
export interface ListedKey {
  readonly id: string;
  readonly displayName?: string | null;
  readonly secret?: string;
}

/** The keys a rotation is about: an app's, or a custom integration's. */
export interface KeyRing {
  list(): Promise<readonly ListedKey[]>;
  create(displayName: string): Promise<ListedKey>;
  remove(keyId: string): Promise<unknown>;
}

export function keyRingOf(smooch: SmoochKeys, { appId, integrationId }: RotationOptions, fail: Fail): KeyRing {
  const at = { appId, integrationId: String(integrationId) };
  const isApps = integrationId === undefined;
  return {
    async list() {
      const { keys } = await (isApps ? smooch.listAppKeys({ appId }) : smooch.listIntegrationKeys(at));
      if (Array.isArray(keys) && keys.every(hasId)) return keys;
      throw fail("the answer lists no keys", "invalid_response");
    },
    async create(displayName) {
      const input = { ...at, displayName };
      const { key } = await (isApps ? smooch.createAppKey({ appId, displayName }) : smooch.createIntegrationKey(input));
      if (hasId(key) && typeof key.secret === "string" && key.secret) return key;
      throw fail("the answer holds no new key", "invalid_response");
    },
    remove: (keyId) => (isApps ? smooch.deleteAppKey({ appId, keyId }) : smooch.deleteIntegrationKey({ ...at, keyId })),
  };
}

const hasId = (key: unknown) => typeof (Object(key) as { id?: unknown }).id === "string";

/** Where a rotation stands, by what the vendor lists and the caller remembers. */
export interface Situation {
  /** The key to replace; gone once the rotation is over. */
  readonly old: ListedKey | undefined;
  /** The key that replaces it, where an earlier run created one whose secret is known, or handed one over. */
  readonly next: ListedKey | undefined;
  readonly isHandedOver: boolean;
  /** Other keys this rotation made: nobody needs them once `next` is handed over. */
  readonly spares: readonly ListedKey[];
  /** Of those, the ones that have to go first to make room. */
  readonly inTheWay: readonly ListedKey[];
  /** What a new key is called: it carries the rotation's id, by which it is found again. */
  readonly displayName: string;
}

/** Looks where a rotation stands. Throws `invalid_options` where it cannot go on without somebody's decision. */
export async function look(ring: KeyRing, options: RotationOptions, fail: Fail): Promise<Situation> {
  const { keyId, progress } = options;
  const keys = await ring.list();
  const old = keys.find(({ id }) => id === keyId);
  const own = keys.filter((key) => isOf(keyId, key));
  const remembered = own.find(({ id }) => id === progress?.newKeyId);
  const isHandedOver = remembered !== undefined && hasHandedOver(progress);
  const next = isHandedOver ? remembered : remembered?.secret ? remembered : own.find(({ secret }) => secret);
  const spares = own.filter((key) => key !== next);
  if (!old && !next) {
    if (own.length === 0) throw fail(`there is no key ${keyId}, and none that replaces it`);
    throw fail(
      `${keyId} is gone, and whether ${idsOf(own)} was handed over is not known; pass the progress of the run that created it`,
    );
  }
  const isFull = !next && keys.length >= MAX_KEYS;
  // What was never handed over is in nobody's hands, because its secret was lost with the answer that held it.
  const inTheWay = isFull && progress && !mayHaveHandedOver(progress) ? spares : [];
  if (isFull && inTheWay.length === 0) {
    const others = keys
      .filter((key) => key !== old)
      .map(({ id, displayName }) => `${id} (${displayName ?? "no name"})`);
    throw fail(
      `there are ${keys.length} keys, and a rotation needs room for one more; delete one that is not in use: ${others.join(", ")}`,
    );
  }
  const displayName = nameOf(options, old?.displayName ?? "", fail);
  return { old, next, isHandedOver, spares, inTheWay, displayName };
}

/** Whether a key was made to replace another. */
export function isOf(rotationId: string, { displayName }: ListedKey): boolean {
  return displayName?.endsWith(markOf(rotationId)) ?? false;
}

export const idsOf = (keys: readonly ListedKey[]) => keys.map(({ id }) => id).join(" and ");

const markOf = (rotationId: string) => ` (replaces ${rotationId})`;

const hasHandedOver = ({ step, state }: RotationStep = {} as RotationStep) =>
  step === "delete" || (step === "handOver" && state === "done");
const mayHaveHandedOver = ({ step }: RotationStep) => step === "delete" || step === "handOver";

function nameOf({ keyId, displayName }: RotationOptions, oldName: string, fail: Fail): string {
  const mark = markOf(keyId);
  const room = MAX_NAME_LENGTH - mark.length;
  if (room < 1) throw fail(`the id ${keyId} is too long to name the rotation by`);
  const name = displayName ?? oldName.replace(/ \(replaces [^()]*\)$/, "");
  return (name || "key").slice(0, room).toWellFormed() + mark;
}
