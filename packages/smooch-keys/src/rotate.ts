import { checkMethods, checkNames, type Fail, failOf, isVendorError } from "@org/auth-runtime";
import type { SmoochKeys } from "./generated/index.ts";
import { vendor } from "./generated/vendor.ts";
import { idsOf, isOf, type KeyRing, keyRingOf, type ListedKey, look, type Situation } from "./rotation-state.ts";

/** The key that takes the old one's place. */
export interface NewKey {
  readonly id: string;
  readonly secret: string;
  readonly displayName: string;
}

/** What a rotation does, told before and after each step. It holds no secret: keep the last one as your progress. */
export interface RotationStep {
  /** The id of the key that is replaced. */
  readonly rotationId: string;
  readonly step: "create" | "verify" | "handOver" | "delete";
  /** `unverified`: there is no `verify`, so nobody has tried the new key. */
  readonly state: "starting" | "done" | "unverified";
  /** The new key's id, once there is one. */
  readonly newKeyId?: string | undefined;
  /** The key a `delete` is about. */
  readonly deletes?: string | undefined;
}

export interface RotationOptions {
  appId: string;
  /** Where the key is one of a custom integration. */
  integrationId?: string | undefined;
  /** The key to replace. It names the rotation: to go on after an interruption, run again with the same one. */
  keyId: string;
  /** What the new key is called, before the note which key it replaces. Default: the old one's name. */
  displayName?: string | undefined;
  /** Tries the new key. Rejects, or comes to `false`, where it does not work: then the old key stays. */
  verify?: ((key: NewKey) => unknown) | undefined;
  /** Takes the new key into use. The old one is deleted once this is over. May be called again with the same key. */
  handOver: (key: NewKey) => unknown;
  /** Told before and after each step, and waited for; what it throws stops the rotation there. */
  onStep?: ((step: RotationStep) => unknown) | undefined;
  /** The last step an interrupted run told. Needed only where the vendor lists no secrets, or no room is left. */
  progress?: RotationStep | undefined;
}

/** What a rotation came to. */
export interface Rotated {
  /** The key that was handed over. */
  readonly keyId: string;
  readonly verified: boolean;
  /** The keys that were deleted: the old one, and what interrupted runs had left behind. */
  readonly deleted: readonly string[];
  /** Keys with this rotation's name that came up while it ran, from another run. They may be in use, so they stay. */
  readonly leftover: readonly string[];
}

const OPTIONS = ["appId", "integrationId", "keyId", "displayName", "verify", "handOver", "onStep", "progress"];
const ATTEMPTS = 2;

/**
 * Replaces a key: creates another, has it tried and taken into use, and only then deletes the old one. Stopped anywhere
 * and run again, it goes on where it stood: the new key's name says which key it replaces, so it is found again even
 * where the answer that held it was lost. Run one rotation of a key at a time.
 *
 * @throws `invalid_options` for options that cannot be, a key that is not there, or ten keys of which none may go; the errors of
 * the operations; and whatever `verify`, `handOver` and `onStep` throw. After any of them, run it again.
 * @see {@link https://docs.smooch.io/rest/}
 */
export async function rotateKey(smooch: SmoochKeys, options: RotationOptions): Promise<Rotated> {
  const { ring, fail } = prepare(smooch, options);
  const { keyId: rotationId, verify, handOver, onStep } = options;
  const tell = async (step: RotationStep["step"], state: RotationStep["state"], more: Partial<RotationStep> = {}) =>
    onStep?.({ rotationId, step, state, ...more });
  const deleted: string[] = [];
  const remove = async (id: string, newKeyId?: string) => {
    await tell("delete", "starting", { newKeyId, deletes: id });
    await removeSurely(ring, id);
    deleted.push(id);
    await tell("delete", "done", { newKeyId, deletes: id });
  };

  const situation = await look(ring, options, fail);
  const { old, spares, isHandedOver, inTheWay } = situation;
  let { next } = situation;
  if (!next) {
    for (const { id } of inTheWay) await remove(id);
    await tell("create", "starting");
    next = await createSurely(ring, situation, rotationId, fail);
    await tell("create", "done", { newKeyId: next.id });
  }
  const newKeyId = next.id;
  if (!isHandedOver) {
    const key = { id: newKeyId, secret: String(next.secret), displayName: next.displayName ?? "" };
    await tell("verify", "starting", { newKeyId });
    if ((await verify?.(key)) === false) throw fail(`verify refused ${newKeyId}, so ${rotationId} stays`);
    await tell("verify", verify ? "done" : "unverified", { newKeyId });
    await tell("handOver", "starting", { newKeyId });
    await handOver(key);
    await tell("handOver", "done", { newKeyId });
  }
  const known = [...spares, ...(old ? [old] : [])].filter(({ id }) => !deleted.includes(id));
  for (const { id } of known) await remove(id, newKeyId);
  const listed = (await ring.list()).filter(({ id }) => id !== newKeyId);
  const stubborn = listed.filter(({ id }) => deleted.includes(id));
  if (stubborn.length > 0)
    throw fail(`${idsOf(stubborn)} is still listed after it was deleted; run the rotation again`, "invalid_response");
  const leftover = listed.filter((key) => isOf(rotationId, key)).map(({ id }) => id);
  return { keyId: newKeyId, verified: verify !== undefined, deleted, leftover };
}

/**
 * What {@link rotateKey} would do with the same options, as lines to print. It lists the keys and changes nothing.
 *
 * @throws as {@link rotateKey} would before its first step
 */
export async function planKeyRotation(smooch: SmoochKeys, options: RotationOptions): Promise<string[]> {
  const { ring, fail } = prepare(smooch, options);
  const { old, next, isHandedOver, spares, inTheWay, displayName } = await look(ring, options, fail);
  const before = inTheWay.map(({ id }) => `delete ${id}, whose secret was lost, to make room`);
  const after = spares.filter((key) => !inTheWay.includes(key)).map(({ id }) => `delete ${id}, left by an earlier run`);
  return [
    ...before,
    next ? `go on with ${next.id}, which an earlier run created` : `create a key called "${displayName}"`,
    ...(isHandedOver
      ? []
      : [options.verify ? "verify it" : "leave it unverified: no verify was given", "hand it over"]),
    ...after,
    ...(old ? [`delete ${old.id} (${old.displayName ?? "no name"})`] : []),
  ];
}

function prepare(smooch: SmoochKeys, options: RotationOptions): { ring: KeyRing; fail: Fail } {
  const fail = failOf(vendor.package);
  checkNames(options, OPTIONS, fail);
  checkMethods(smooch ?? null, "listAppKeys, createAppKey, deleteAppKey", "the client", fail);
  const { appId, integrationId, keyId, displayName, verify, handOver, onStep, progress } = options;
  for (const [name, value] of Object.entries({ appId, keyId, integrationId, displayName })) {
    const isOptional = name === "integrationId" || name === "displayName";
    if (!(isOptional && value === undefined) && (typeof value !== "string" || !value))
      throw fail(`${name} has to be a string, not empty`);
  }
  checkMethods(handOver ?? null, "", "handOver", fail);
  checkMethods(verify, "", "verify", fail);
  checkMethods(onStep, "", "onStep", fail);
  if (progress && progress.rotationId !== keyId) throw fail(`progress is of the rotation of ${progress.rotationId}`);
  return { ring: keyRingOf(smooch, options, fail), fail };
}

/** Creates the key, or finds it where the answer that held it was lost. */
async function createSurely(
  ring: KeyRing,
  { spares, displayName }: Situation,
  rotationId: string,
  fail: Fail,
): Promise<ListedKey> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ring.create(displayName);
    } catch (error) {
      // Refused for good reason: nothing was created.
      if (isVendorError(error) && /^4(?!08)/.test(String(error.httpStatus ?? error.status))) throw error;
      const listed = await ring.list().catch(() => []);
      const created = listed.filter((key) => isOf(rotationId, key) && !spares.some(({ id }) => id === key.id));
      const usable = created.find(({ secret }) => secret);
      if (usable) return usable;
      if (created.length === 0) throw error;
      if (attempt === ATTEMPTS) throw fail(`the secret of ${idsOf(created)} was lost, again; run the rotation again`);
      // Its secret is lost with the answer, so nobody can have it in use.
      for (const { id } of created) await removeSurely(ring, id);
    }
  }
}

/** A deletion whose answer was lost, and one that was repeated, may be refused: what counts is whether the key is there. */
async function removeSurely(ring: KeyRing, keyId: string): Promise<void> {
  try {
    await ring.remove(keyId);
  } catch (error) {
    const keys = await ring.list().catch(() => undefined);
    if (!keys || keys.some(({ id }) => id === keyId)) throw error;
  }
}
