import { checkMethods, checkNames, createVendorClient, type Fail, failOf, isVendorError } from "@org/auth-runtime";
import { auth, credentials } from "@org/auth-runtime/features";
import type { UnithAuth, UnithAuthOptions } from "./generated/index.ts";
import { vendor } from "./generated/vendor.ts";

/** What a rotation does, told before and after each step. It holds secrets: keep the last one like a password. */
export interface SecretKeyRotationStep {
  /** `replace`: the key is deleted and another generated, with nothing in between. */
  readonly step: "replace" | "verify" | "handOver";
  readonly state: "starting" | "done";
  /** A live bearer token. Between deletion and generation nothing but this can make a key. */
  readonly bearer: string;
  /** What the vendor answered to the generation, as it came; from `replace` `done` on. */
  readonly answer?: unknown;
}

export interface SecretKeyRotationOptions {
  /**
   * Finds the key in the answer, whose shape nobody documents. Where it finds none the rotation stops; run again, it is asked
   * once more, as it may have been mended, and then the key is replaced again.
   */
  readSecretKey: (body: unknown) => string;
  /** Takes the new key into use. May be called again with the same key. */
  handOver: (secretKey: string) => unknown;
  /** Told before and after each step, and waited for: it keeps the step. What it throws stops the rotation there. */
  onStep: (step: SecretKeyRotationStep) => unknown;
  /** The last step an interrupted run told. Drop it once a rotation is over. */
  progress?: SecretKeyRotationStep | undefined;
}

/** How often the key is deleted and generated before the rotation is given up until it is run again. */
const ATTEMPTS = 5;
const BACKOFF_MS = 100;
const MAX_PAUSE_MS = 30_000;

/**
 * Replaces the account's secret key. It has one only, so the old one is deleted before the new one exists: in between, the
 * account has none, and only a live bearer token can make one. So a fresh bearer and the raw answer are told before
 * anything else can fail; an answer that is lost is made up for by deleting and generating again; and a run that was
 * stopped goes on with its `progress`.
 *
 * @param account the options of `createUnithAuth`, with the key to replace. Nothing of it is used once there is progress.
 * @throws `invalid_options` for options that cannot be; the errors of the operations; and whatever `readSecretKey`, `handOver`
 * and `onStep` throw. After any of them, run it again with the last step that was told.
 * @see {@link https://docs.unith.ai/user}
 */
export async function rotateSecretKey(account: UnithAuthOptions, rotation: SecretKeyRotationOptions): Promise<void> {
  const fail = prepare(account, rotation);
  const { readSecretKey, handOver, onStep, progress } = rotation;
  if (progress?.step === "handOver" && progress.state === "done") return;
  const bearer = progress?.bearer ?? (await exchange(account));
  const tell = async (step: SecretKeyRotationStep["step"], state: SecretKeyRotationStep["state"], answer?: unknown) =>
    onStep({ step, state, bearer, ...(answer !== undefined && { answer }) });

  let answer = progress?.answer;
  if (!holdsKey(answer, readSecretKey)) {
    await tell("replace", "starting");
    answer = await replace(withBearer(account, bearer), account.http?.backoffMs ?? BACKOFF_MS, fail);
    await tell("replace", "done", answer);
  }
  const secretKey: unknown = readSecretKey(answer);
  if (!isKey(secretKey))
    throw fail("readSecretKey found no key in the answer; run again with the last step that was told, once it does");
  await tell("verify", "starting", answer);
  await exchange({ ...account, secretKey });
  await tell("verify", "done", answer);
  await tell("handOver", "starting", answer);
  await handOver(secretKey);
  await tell("handOver", "done", answer);
}

/**
 * What {@link rotateSecretKey} would do with the same options, as lines to print. It exchanges the present key for a token, to see
 * that it can, and changes nothing.
 *
 * @throws as {@link rotateSecretKey} would before its first step
 */
export async function planSecretKeyRotation(
  account: UnithAuthOptions,
  rotation: SecretKeyRotationOptions,
): Promise<string[]> {
  prepare(account, rotation);
  const { progress } = rotation;
  if (progress?.step === "handOver" && progress.state === "done") return [];
  if (!progress) await exchange(account);
  const replaced = holdsKey(progress?.answer, rotation.readSecretKey);
  return [
    progress ? "go on with the bearer of the interrupted run" : "obtain a bearer that lasts 7 days, and tell it",
    ...(replaced ? [] : ["delete the secret key and generate another; in between, only that bearer can make one"]),
    replaced ? "read the key from the answer that was told" : "tell the raw answer, and read the key from it",
    "verify it: exchange it for a token",
    "hand it over",
  ];
}

function prepare(account: UnithAuthOptions, rotation: SecretKeyRotationOptions): Fail {
  const fail = failOf(vendor.package);
  checkNames(rotation, ["readSecretKey", "handOver", "onStep", "progress"], fail);
  for (const name of ["readSecretKey", "handOver", "onStep"] as const)
    checkMethods(rotation[name] ?? null, "", name, fail);
  const { progress } = rotation;
  if (progress !== undefined && typeof (progress as { bearer?: unknown } | null)?.bearer !== "string")
    throw fail("progress has to be the last step that was told, with its bearer");
  // What is wrong with the account is found before anything is sent.
  createVendorClient(vendor, account);
  return fail;
}

const isKey = (value: unknown): value is string => typeof value === "string" && value !== "";

/** Whether an answer that was told earlier holds a key; it may have been anything, a page of a proxy among it. */
function holdsKey(answer: unknown, readSecretKey: SecretKeyRotationOptions["readSecretKey"]): boolean {
  try {
    return answer !== undefined && isKey(readSecretKey(answer));
  } catch {
    return false;
  }
}

/** A fresh token, whatever a store holds: it lasts, and shows that the key is good. */
async function exchange(account: UnithAuthOptions): Promise<string> {
  const client = createVendorClient<UnithAuth>(vendor, { ...account, store: undefined });
  return (await client.getToken()).accessToken;
}

/** A client on a bearer alone: it never asks for another, for which there may be no key. */
function withBearer({ email: _, secretKey: __, store: ___, ...options }: UnithAuthOptions, bearer: string): UnithAuth {
  const features = { ...vendor.features, prepare: auth, credentials };
  return createVendorClient<UnithAuth>({ ...vendor, features }, { ...options, auth: bearer });
}

/** Deletes the key and generates another, until an answer arrives: one that was lost held a key, which is deleted again. */
async function replace(client: UnithAuth, backoffMs: number, fail: Fail): Promise<unknown> {
  let isDeleted = false;
  for (let attempt = 1; ; attempt++) {
    try {
      await removeKey(client);
      isDeleted = true;
      return await client.generateSecretKey();
    } catch (error) {
      const { retryAfterMs, httpStatus = 0 } = isVendorError(error) ? error : {};
      const pauseMs = retryAfterMs || backoffMs * 2 ** (attempt - 1);
      const isLast = attempt === ATTEMPTS || pauseMs > MAX_PAUSE_MS;
      // A 403 may be a firewall's, and the run that follows succeed.
      if (isLast && isDeleted && httpStatus === 401) {
        const message = "the bearer is refused now that the key is deleted; make a key in Unith's web interface";
        throw fail(message, "invalid_credentials", { httpStatus });
      }
      if (isLast) throw error;
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}

/** What is not there cannot be deleted, in whatever way the vendor says so; a bearer that is refused is something else. */
async function removeKey(client: UnithAuth): Promise<void> {
  try {
    await client.deleteSecretKey();
  } catch (error) {
    const status = isVendorError(error) ? String(error.httpStatus) : "";
    if (!/^4(?!01|03|08|29)/.test(status)) throw error;
  }
}
