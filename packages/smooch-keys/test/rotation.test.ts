import { describe, expect, test } from "vitest";
import { type NewKey, type RotationOptions, rotateKey } from "../src/rotate.ts";
import { appId, failure, integrationId, noting, prepareBench } from "./rotation-bench.ts";
import { isAccepted, type Key } from "./rotation-consumer.ts";

const { mock, account, smooch, hiding, create, list, changes } = await prepareBench();

describe("a rotation", () => {
  test("creates, verifies, hands over and deletes, and says so before and after each, without the secret", async () => {
    const [old, other] = [await create("billing"), await create("reports")];
    const { options, steps, handed, told } = noting(old.id, {
      verify: async (key) => expect(await isAccepted(account, key)).toBe(true),
    });
    const rotated = await rotateKey(smooch, options);
    const [key] = handed as [NewKey];
    expect(rotated).toEqual({ keyId: key.id, verified: true, deleted: [old.id], leftover: [] });
    expect(told()).toEqual(
      ["create", "verify", "handOver", "delete"].flatMap((step) => [`${step} starting`, `${step} done`]),
    );
    expect(JSON.stringify(steps)).not.toContain(key.secret);
    expect((await list()).map(({ id }) => id)).toEqual([other.id, key.id]);
    expect([await isAccepted(account, key), await isAccepted(account, old)]).toEqual([true, false]);
  });

  test("of a custom integration's key keeps to that integration", async () => {
    const at = { appId, integrationId };
    const { key: old } = await smooch.createIntegrationKey({ ...at, displayName: "bot" });
    const { options, handed } = noting(old.id, { integrationId });
    await rotateKey(smooch, options);
    const { keys } = await smooch.listIntegrationKeys(at);
    expect(keys).toEqual([{ ...handed[0], displayName: `bot (replaces ${old.id})` }]);
    expect(await list()).toEqual([]);
  });

  test("waits for whoever is told, and stops where that throws", async () => {
    const old = await create("billing");
    for (const at of ["create", "verify", "handOver", "delete"] as const) {
      const { options, told } = noting(old.id);
      const { onStep } = options;
      options.onStep = async (step) => {
        await onStep?.(step);
        await new Promise((resolve) => setImmediate(resolve));
        if (step.step === at && step.state === "starting") throw new Error("the disk is full");
      };
      expect(await failure(rotateKey(smooch, options))).toBe("the disk is full");
      expect(told().at(-1)).toBe(`${at} starting`);
      expect((await list()).some(({ id }) => id === old.id)).toBe(true);
    }
    // One key was created in all, by the first run that came so far.
    expect(changes().filter((id) => id === "createAppKey")).toHaveLength(2);
  });

  test("without a verify says that nobody tried the key", async () => {
    const { options, told } = noting((await create("billing")).id);
    expect((await rotateKey(smooch, options)).verified).toBe(false);
    expect(told()).toContain("verify unverified");
  });

  const refusals: [string, RotationOptions["verify"], string][] = [
    ["rejects", () => Promise.reject(new Error("the new key does not work")), "the new key does not work"],
    ["comes to false", async () => false, "verify refused"],
  ];
  test.each(refusals)(
    "whose verify %s keeps the old key, and goes on with the same new one",
    async (_, verify, message) => {
      const old = await create("billing");
      const { options, handed } = noting(old.id, { verify });
      for (let run = 0; run < 2; run++) expect(await failure(rotateKey(smooch, options))).toContain(message);
      expect(handed).toEqual([]);
      const [kept, created] = await list();
      expect(kept?.id).toBe(old.id);
      expect((await rotateKey(smooch, { ...options, verify: undefined })).keyId).toBe(created?.id);
    },
  );

  test("deletes nothing before the hand-over is over, however long that takes", async () => {
    const old = await create("billing");
    const { options } = noting(old.id, {
      handOver: async () => {
        for (let turn = 0; turn < 5; turn++) expect((await list())[0]?.id).toBe(old.id);
        throw new Error("the deployment failed");
      },
    });
    expect(await failure(rotateKey(smooch, options))).toBe("the deployment failed");
    expect(changes()).not.toContain("deleteAppKey");
  });

  test("takes a key for deleted that is not there any more, whatever the repeated deletion was answered", async () => {
    const old = await create("billing");
    mock.fail("deleteAppKey", { fault: "reset", applied: true });
    expect((await rotateKey(smooch, noting(old.id).options)).deleted).toEqual([old.id]);
  });

  test("says with what the vendor refused a deletion", async () => {
    const old = await create("billing");
    mock.fail("deleteAppKey", { status: 403 });
    await expect(rotateKey(smooch, noting(old.id).options)).rejects.toMatchObject({ code: "http_error", status: 403 });
  });

  test("finds the key again whose answer was lost, without creating another", async () => {
    const old = await create("billing");
    mock.fail("createAppKey", { fault: "reset", applied: true });
    const { options, handed } = noting(old.id);
    await rotateKey(smooch, options);
    expect(changes()).toEqual(["createAppKey", "createAppKey", "deleteAppKey"]);
    expect((await list()).map(({ id }) => id)).toEqual([handed[0]?.id]);
  });

  test("replaces it where the vendor lists no secrets", async () => {
    const old = await create("billing");
    mock.fail("createAppKey", { fault: "reset", applied: true });
    const { options, handed } = noting(old.id);
    await rotateKey(hiding, options);
    expect((await list()).map(({ id }) => id)).toEqual([handed[0]?.id]);
    expect(await isAccepted(account, handed[0] as Key)).toBe(true);
  });

  test("leaves alone what came up meanwhile under its name, and says so", async () => {
    const old = await create("billing");
    let stranger: Key | undefined;
    const { options } = noting(old.id, {
      handOver: async () => {
        stranger = await create(`billing (replaces ${old.id})`);
      },
    });
    const { leftover, deleted } = await rotateKey(smooch, options);
    expect([leftover, deleted]).toEqual([[stranger?.id], [old.id]]);
    expect(await isAccepted(account, stranger as Key)).toBe(true);
  });
});

describe("a rotation that was interrupted", () => {
  test("after the hand-over does not hand over again, where it is told its progress", async () => {
    const old = await create("billing");
    const first = noting(old.id, {
      onStep: ({ step }) => {
        if (step === "delete") throw new Error("stopped");
      },
    });
    await failure(rotateKey(smooch, first.options));
    const [newKey] = first.handed;
    const progress = { rotationId: old.id, step: "handOver", state: "done", newKeyId: String(newKey?.id) } as const;
    const second = noting(old.id, { progress });
    expect(await rotateKey(hiding, second.options)).toMatchObject({ keyId: newKey?.id, deleted: [old.id] });
    expect(second.handed).toEqual([]);
  });

  test("with the old key gone and no secrets listed asks for its progress instead of guessing", async () => {
    const old = await create("billing");
    await rotateKey(smooch, noting(old.id).options);
    const { options, handed } = noting(old.id);
    expect(await failure(rotateKey(hiding, options))).toMatch(
      / is gone, and whether \S+ was handed over is not known; pass/,
    );
    expect(handed).toEqual([]);
    expect(await rotateKey(smooch, options)).toMatchObject({ deleted: [] });
  });
});
