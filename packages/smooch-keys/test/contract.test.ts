import { startMock } from "@org/mock-servers";
import { conformanceCases } from "@org/mock-servers/conformance";
import { afterAll, describe, test } from "vitest";
import { createSmoochKeys, isSmoochKeysError } from "../src/index.ts";

const mock = await startMock("smooch-keys");
afterAll(() => mock.stop());

describe("what the spec says is what arrives", async () => {
  const underTest = { create: createSmoochKeys, isError: isSmoochKeysError };
  test.each(await conformanceCases("smooch-keys"))("$name", ({ run }) => run(mock, underTest));
});
