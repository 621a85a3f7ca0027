import { startMock } from "@org/mock-servers";
import { conformanceCases } from "@org/mock-servers/conformance";
import { afterAll, describe, test } from "vitest";
import { createKuaAuth, isKuaAuthError } from "../src/index.ts";

const mock = await startMock("kua-auth");
afterAll(() => mock.stop());

describe("what the spec says is what arrives", async () => {
  const underTest = { create: createKuaAuth, isError: isKuaAuthError };
  test.each(await conformanceCases("kua-auth"))("$name", ({ run }) => run(mock, underTest));
});
