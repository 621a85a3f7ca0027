import { startMock } from "@org/mock-servers";
import { conformanceCases } from "@org/mock-servers/conformance";
import { afterAll, describe, test } from "vitest";
import { createKlaviAuth, isKlaviAuthError } from "../src/index.ts";

const mock = await startMock("klavi-auth");
afterAll(() => mock.stop());

describe("what the spec says is what arrives", async () => {
  const underTest = { create: createKlaviAuth, isError: isKlaviAuthError };
  test.each(await conformanceCases("klavi-auth"))("$name", ({ run }) => run(mock, underTest));
});
