import { startMock } from "@org/mock-servers";
import { conformanceCases } from "@org/mock-servers/conformance";
import { afterAll, describe, test } from "vitest";
import { createUnithAuth, isUnithAuthError } from "../src/index.ts";

const mock = await startMock("unith-auth");
afterAll(() => mock.stop());

describe("what the spec says is what arrives", async () => {
  const underTest = { create: createUnithAuth, isError: isUnithAuthError };
  test.each(await conformanceCases("unith-auth"))("$name", ({ run }) => run(mock, underTest));
});
