import { describe, expect, test } from "vitest";
import { createSmoochKeys } from "../src/index.ts";
import { planKeyRotation, type RotationOptions, rotateKey } from "../src/rotate.ts";
import { appId, failure, noting, prepareBench } from "./rotation-bench.ts";
import type { Key } from "./rotation-consumer.ts";

const { mock, account, smooch, hiding, create, list, changes } = await prepareBench();

describe("the limit of ten keys", () => {
  const fill = async () => {
    const keys: Key[] = [];
    for (let index = 0; index < 10; index++) keys.push(await create(`key ${index}`));
    return keys as [Key, ...Key[]];
  };

  test("is met before anything is created: it says which keys stand in the way, and deletes none", async () => {
    const [old, ...others] = await fill();
    const before = changes().length;
    const message = await failure(rotateKey(smooch, noting(old.id).options));
    expect(message).toContain("there are 10 keys, and a rotation needs room for one more");
    expect(others.every(({ id }, index) => message.includes(`${id} (key ${index + 1})`))).toBe(true);
    expect(message).not.toContain(old.id);
    expect(changes()).toHaveLength(before);
    expect(await failure(planKeyRotation(smooch, noting(old.id).options))).toBe(message);
  });

  test("does not stop one whose new key is there already", async () => {
    const [old] = await fill();
    await smooch.deleteAppKey({ appId, keyId: String((await list())[9]?.id) });
    await create(`key 0 (replaces ${old.id})`);
    expect(await rotateKey(smooch, noting(old.id).options)).toMatchObject({ deleted: [old.id] });
  });

  test("makes room by a key of its own that nobody can have, and by no other", async () => {
    const [old] = await fill();
    await smooch.deleteAppKey({ appId, keyId: String((await list())[9]?.id) });
    const lost = await create(`key 0 (replaces ${old.id})`);
    expect(await failure(rotateKey(hiding, noting(old.id).options))).toContain("needs room for one more");
    const inUse = { rotationId: old.id, step: "handOver", state: "starting", newKeyId: lost.id } as const;
    expect(await failure(rotateKey(hiding, noting(old.id, { progress: inUse }).options))).toContain("needs room");
    const progress = { rotationId: old.id, step: "create", state: "starting" } as const;
    const { options, handed } = noting(old.id, { progress });
    expect((await planKeyRotation(hiding, options))[0]).toBe(`delete ${lost.id}, whose secret was lost, to make room`);
    expect((await rotateKey(hiding, options)).deleted).toEqual([lost.id, old.id]);
    expect((await list()).map(({ id }) => id)).toContain(handed[0]?.id);
  });
});

describe("the new key's name", () => {
  const nameAfter = async (displayName: string, more: Partial<RotationOptions> = {}) => {
    const { id } = await create(displayName);
    const { options, handed } = noting(id, more);
    await rotateKey(smooch, options);
    return { id, name: String(handed[0]?.displayName), keyId: String(handed[0]?.id) };
  };

  test("is the old one's, or the one that is asked for, and says which key it replaces", async () => {
    const { id, name } = await nameAfter("billing");
    expect(name).toBe(`billing (replaces ${id})`);
    const asked = await nameAfter("billing", { displayName: "invoices" });
    expect(asked.name).toBe(`invoices (replaces ${asked.id})`);
  });

  test("says so of the last one only", async () => {
    const { keyId } = await nameAfter("billing");
    const { options, handed } = noting(keyId);
    await rotateKey(smooch, options);
    expect(handed[0]?.displayName).toBe(`billing (replaces ${keyId})`);
  });

  test.each(["x".repeat(100), "🔑".repeat(50), `x${"🔑".repeat(49)}`])(
    "has 100 characters at the most: %j",
    async (displayName) => {
      const { id, name } = await nameAfter(displayName);
      expect(name.length).toBeLessThanOrEqual(100);
      expect(name.isWellFormed() && name.endsWith(` (replaces ${id})`)).toBe(true);
      expect(name.startsWith([...displayName].slice(0, 20).join(""))).toBe(true);
    },
  );
});

describe("a dry run", () => {
  test("says what would be done, and does nothing of it", async () => {
    const old = await create("billing");
    const { options } = noting(old.id, { verify: () => true });
    const before = changes().length;
    expect(await planKeyRotation(smooch, options)).toEqual([
      `create a key called "billing (replaces ${old.id})"`,
      "verify it",
      "hand it over",
      `delete ${old.id} (billing)`,
    ]);
    expect(changes()).toHaveLength(before);
  });

  test("says what an earlier run left", async () => {
    const old = await create("billing");
    const [next, spare] = [await create(`x (replaces ${old.id})`), await create(`x (replaces ${old.id})`)];
    expect(await planKeyRotation(smooch, noting(old.id).options)).toEqual([
      `go on with ${next.id}, which an earlier run created`,
      "leave it unverified: no verify was given",
      "hand it over",
      `delete ${spare.id}, left by an earlier run`,
      `delete ${old.id} (billing)`,
    ]);
  });
});

describe("what no rotation can be made of is refused before anything is sent", () => {
  const valid = noting("app_x").options;
  const wrong: [string, unknown, string][] = [
    ["no options", undefined, "options have to be an object"],
    ["no app", { ...valid, appId: "" }, "appId has to be a string, not empty"],
    ["no key", { ...valid, keyId: undefined }, "keyId has to be a string, not empty"],
    ["an integration that is no text", { ...valid, integrationId: 1 }, "integrationId has to be a string"],
    ["nobody to hand it to", { ...valid, handOver: undefined }, "handOver has to be a function"],
    ["a verify that is none", { ...valid, verify: true }, "verify has to be a function"],
    ["a listener that is none", { ...valid, onStep: {} }, "onStep has to be a function"],
    ["a misspelt option", { ...valid, handover: () => undefined }, 'there is no option "handover"'],
    ["another key's progress", { ...valid, progress: { rotationId: "app_y" } }, "progress is of the rotation of app_y"],
  ];
  test.each(wrong)("%s", async (_, options, message) => {
    expect(await failure(rotateKey(smooch, options as RotationOptions))).toContain(message);
    expect(mock.requests).toHaveLength(0);
  });

  test("and so is a client that is none", async () => {
    expect(await failure(rotateKey(undefined as never, valid))).toContain("the client has to have the functions");
  });

  test("a key that is not there is said to be missing", async () => {
    expect(await failure(rotateKey(smooch, valid))).toBe("there is no key app_x, and none that replaces it");
  });

  test("an id too long to be noted in a name is refused", async () => {
    const { key } = await smooch.createAppKey({ appId, displayName: "x" });
    const fetch: typeof globalThis.fetch = async (...args) => {
      const response = await globalThis.fetch(...args);
      return new Response((await response.text()).replaceAll(key.id, `app_${"0".repeat(90)}`), response);
    };
    const { hidesSecrets: _, ...plain } = account;
    const odd = createSmoochKeys({ ...plain, fetch });
    const message = await failure(rotateKey(odd, { ...valid, keyId: `app_${"0".repeat(90)}` }));
    expect(message).toContain("is too long to name the rotation by");
  });
});
