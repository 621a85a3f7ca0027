import { startMock } from "@org/mock-servers";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import type { UnithAuthOptions } from "../src/index.ts";
import {
  planSecretKeyRotation,
  rotateSecretKey,
  type SecretKeyRotationOptions,
  type SecretKeyRotationStep,
} from "../src/rotate.ts";

const mock = await startMock("unith-auth");
afterAll(() => mock.stop());
beforeEach(() => mock.reset());

const account: UnithAuthOptions = { ...mock.credentials, server: mock.url, http: { backoffMs: 1 } };
const readSecretKey = (body: unknown) => (body as { secretKey: string }).secretKey;
const sent = () => mock.requests.map(({ operationId }) => operationId);
const failure = (work: Promise<unknown>) =>
  work.then(
    () => "no failure",
    ({ message }: Error) => message.replace("[@org/unith-auth] ", ""),
  );

/** Options that note what they were told, and how much had been sent by then. */
function noting(more: Partial<SecretKeyRotationOptions> = {}) {
  const steps: SecretKeyRotationStep[] = [];
  const handed: string[] = [];
  const sentBy: (number | string)[] = [];
  const onStep = (step: SecretKeyRotationStep) => {
    steps.push(step);
    sentBy.push(`${step.step} ${step.state}`, mock.requests.length);
  };
  const options: SecretKeyRotationOptions = {
    readSecretKey,
    handOver: (key) => void handed.push(key),
    onStep,
    ...more,
  };
  return { options, steps, handed, sentBy, last: () => steps.at(-1) };
}

describe("the rotation of a secret key", () => {
  test("tells a live bearer before the deletion, and the raw answer before anything is made of it", async () => {
    const { options, steps, handed, sentBy } = noting();
    await rotateSecretKey(account, options);
    expect(sent()).toEqual(["createToken", "deleteSecretKey", "generateSecretKey", "createToken"]);
    expect(sentBy).toEqual([
      ...["replace starting", 1, "replace done", 3, "verify starting", 3],
      ...["verify done", 4, "handOver starting", 4, "handOver done", 4],
    ]);
    expect(handed).toEqual([mock.credentials.secretKey]);
    expect(steps[0]).toEqual({ step: "replace", state: "starting", bearer: expect.stringMatching(/^eyJ/) });
    expect(steps[1]).toMatchObject({ answer: { secretKey: handed[0] }, bearer: steps[0]?.bearer });
  });

  test("takes a bearer of its own, whatever a store holds, and leaves the store alone", async () => {
    const stale = { accessToken: "stale", issuedAt: Date.now(), expiresAt: Date.now() + 1e6 };
    const used: string[] = [];
    const store = {
      get: () => {
        used.push("get");
        return stale;
      },
      set: () => void used.push("set"),
      delete: () => void used.push("delete"),
    };
    const { options, steps } = noting();
    await rotateSecretKey({ ...account, store }, options);
    expect([steps[0]?.bearer === "stale", used]).toEqual([false, []]);
  });

  test("a listener that fails before the deletion keeps the key", async () => {
    const { options } = noting({ onStep: () => Promise.reject(new Error("the disk is full")) });
    expect(await failure(rotateSecretKey(account, options))).toBe("the disk is full");
    expect(sent()).toEqual(["createToken"]);
  });

  test("a generation whose answer is lost is made up for: its key is deleted, and another generated", async () => {
    mock.fail("generateSecretKey", { fault: "resetInBody", applied: true });
    const { options, handed } = noting();
    await rotateSecretKey(account, options);
    expect(sent().slice(1, -1)).toEqual([
      "deleteSecretKey",
      "generateSecretKey",
      "deleteSecretKey",
      "generateSecretKey",
    ]);
    expect(handed).toEqual([mock.credentials.secretKey]);
  });

  test.each([404, 400, 409])(
    "a deletion answered with %i, as of a key that is not there, is no reason to stop",
    async (status) => {
      mock.fail("deleteSecretKey", { status, applied: true, times: 9 });
      const { options, handed } = noting();
      await rotateSecretKey(account, options);
      expect(handed).toEqual([mock.credentials.secretKey]);
    },
  );

  test("is over once the hand-over is, and goes on with it where that fails", async () => {
    const { options, last } = noting({ handOver: () => Promise.reject(new Error("the deployment failed")) });
    expect(await failure(rotateSecretKey(account, options))).toBe("the deployment failed");
    expect(last()).toMatchObject({ step: "handOver", state: "starting" });
    const again = noting({ progress: last() });
    await rotateSecretKey(account, again.options);
    expect(again.handed).toEqual([mock.credentials.secretKey]);
    expect(sent().filter((id) => id === "generateSecretKey")).toHaveLength(1);
  });

  test("waits as long as the vendor asks, and stops where that is too long", async () => {
    mock.fail("generateSecretKey", { status: 429, retryAfter: 1 });
    const startedAt = performance.now();
    await rotateSecretKey(account, noting().options);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(990);
    mock.reset();
    mock.fail("generateSecretKey", { status: 429, retryAfter: 3600 });
    const { options, last } = noting();
    await expect(rotateSecretKey(account, options)).rejects.toMatchObject({
      code: "rate_limited",
      retryAfterMs: 3_600_000,
    });
    const { handed, options: again } = noting({ progress: last() });
    await rotateSecretKey(account, again);
    expect(handed).toEqual([mock.credentials.secretKey]);
  });

  test("says so where the vendor makes it impossible: the deletion ends the bearer, too", async () => {
    mock.fail("generateSecretKey", { status: 401, times: 9 });
    const work = rotateSecretKey(account, noting().options);
    await expect(work).rejects.toMatchObject({ code: "invalid_credentials", httpStatus: 401 });
    expect(await failure(work)).toContain("make a key in Unith's web interface");
  });

  test("a firewall's 403 is no such case: the next run goes on with the same bearer", async () => {
    mock.fail("generateSecretKey", { status: 403, body: "<html></html>", times: 5 });
    const { options, last } = noting();
    await expect(rotateSecretKey(account, options)).rejects.toMatchObject({
      httpStatus: 403,
      operationId: "generateSecretKey",
    });
    const { handed, options: again } = noting({ progress: last() });
    await rotateSecretKey(account, again);
    expect(handed).toEqual([mock.credentials.secretKey]);
  });

  test("a bearer that is refused at once is no such case: the key is still there", async () => {
    mock.fail("deleteSecretKey", { status: 401, times: 9 });
    const { options } = noting();
    await expect(rotateSecretKey(account, options)).rejects.toMatchObject({
      operationId: "deleteSecretKey",
      status: 401,
    });
    expect(sent()).not.toContain("generateSecretKey");
  });
});

describe("a key that is misread", () => {
  test("is not handed over, and is read again from the answer that was told", async () => {
    for (const wrong of [() => "", () => undefined, () => ({}), () => "not-the-key"]) {
      mock.reset();
      const { options, handed, last } = noting({ readSecretKey: wrong as () => string });
      expect(await failure(rotateSecretKey(account, options))).toMatch(
        /found no key in the answer|createToken: answered 401/,
      );
      expect(handed).toEqual([]);
      const mended = noting({ progress: last() });
      await rotateSecretKey(account, mended.options);
      expect(mended.handed).toEqual([mock.credentials.secretKey]);
      expect(sent().filter((id) => id === "generateSecretKey")).toHaveLength(1);
    }
  });

  test("because there is none in the answer is replaced by the next run", async () => {
    mock.fail("generateSecretKey", { fault: "html" });
    const { options, last } = noting();
    expect(await failure(rotateSecretKey(account, options))).toContain("found no key in the answer");
    expect(last()?.answer).toContain("Maintenance");
    const again = noting({ progress: last() });
    await rotateSecretKey(account, again.options);
    expect(again.handed).toEqual([mock.credentials.secretKey]);
  });

  test("by an error of the reader's own stops the rotation with that error, the answer told", async () => {
    const reader = () => {
      throw new Error("no such member");
    };
    const { options, last } = noting({ readSecretKey: reader });
    expect(await failure(rotateSecretKey(account, options))).toBe("no such member");
    expect(last()?.answer).toEqual({ secretKey: mock.credentials.secretKey });
  });
});

test("whoever lost the key and holds a live bearer gets another key by it", async () => {
  const first = noting();
  await failure(rotateSecretKey(account, { ...first.options, handOver: () => Promise.reject(new Error("lost")) }));
  const { options, handed } = noting({
    progress: { step: "replace", state: "starting", bearer: String(first.last()?.bearer) },
  });
  await rotateSecretKey({ ...account, secretKey: "lost" }, options);
  expect(handed).toEqual([mock.credentials.secretKey]);
});

test("a rotation that is over is not begun again by its last step", async () => {
  const { options, last } = noting();
  await rotateSecretKey(account, options);
  const before = sent().length;
  await rotateSecretKey(account, { ...options, progress: last() });
  expect(await planSecretKeyRotation(account, { ...options, progress: last() })).toEqual([]);
  expect(sent()).toHaveLength(before);
});

test("a dry run says what would be done, and does nothing but see that the key is good", async () => {
  const { options, steps } = noting();
  expect(await planSecretKeyRotation(account, options)).toEqual([
    "obtain a bearer that lasts 7 days, and tell it",
    "delete the secret key and generate another; in between, only that bearer can make one",
    "tell the raw answer, and read the key from it",
    "verify it: exchange it for a token",
    "hand it over",
  ]);
  expect([sent(), steps]).toEqual([["createToken"], []]);
  const progress = { step: "replace", state: "done", bearer: "b", answer: { secretKey: "k" } } as const;
  expect(await planSecretKeyRotation(account, { ...options, progress })).toEqual([
    "go on with the bearer of the interrupted run",
    "read the key from the answer that was told",
    "verify it: exchange it for a token",
    "hand it over",
  ]);
});

describe("what no rotation can be made of is refused before anything is sent", () => {
  const { options } = noting();
  const wrong: [string, unknown, unknown, string][] = [
    ["no options", account, undefined, "options have to be an object"],
    ["no reader", account, { ...options, readSecretKey: undefined }, "readSecretKey has to be a function"],
    ["nobody to hand it to", account, { ...options, handOver: 1 }, "handOver has to be a function"],
    ["nobody to tell", account, { ...options, onStep: undefined }, "onStep has to be a function"],
    ["progress without a bearer", account, { ...options, progress: {} }, "progress has to be the last step"],
    ["progress that is null", account, { ...options, progress: null }, "progress has to be the last step"],
    ["a misspelt option", account, { ...options, dryRun: true }, 'there is no option "dryRun"'],
    ["no account", undefined, options, "options have to be an object"],
    ["an account without a key", { ...account, secretKey: "" }, options, "secretKey has to be a string, not empty"],
  ];
  test.each(wrong)("%s", async (_, given, rotation, message) => {
    const work = rotateSecretKey(given as UnithAuthOptions, rotation as SecretKeyRotationOptions);
    expect(await failure(work)).toContain(message);
    expect(sent()).toEqual([]);
  });
});
