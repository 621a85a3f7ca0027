import { startMock } from "@org/mock-servers";
import { expect, test } from "vitest";
import { createUnithAuth } from "../src/index.ts";

/** What a call failed with. */
const failure = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    ({ code, status }: { code: string; status: number }) => [code, status],
  );

test("a secret key whose answer is lost is not generated a second time behind its caller's back", async () => {
  await using mock = await startMock("unith-auth");
  const unith = createUnithAuth({ ...mock.credentials, server: mock.url });
  await unith.deleteSecretKey();
  mock.fail("generateSecretKey", { fault: "reset", applied: true });
  expect(await failure(unith.generateSecretKey())).toEqual(["network_error", undefined]);
  expect(mock.requests.filter(({ operationId }) => operationId === "generateSecretKey")).toHaveLength(1);
});

test("a secret key of Unith is deleted before another is generated, and ends with it", async () => {
  await using mock = await startMock("unith-auth");
  const { secretKey: old } = mock.credentials;
  const unith = createUnithAuth({ ...mock.credentials, server: mock.url });
  expect(await failure(unith.generateSecretKey())).toEqual(["unexpected_status", 409]);
  await unith.deleteSecretKey();
  await unith.generateSecretKey();
  expect(mock.credentials.secretKey).not.toBe(old);
  const connect = (secretKey: string) => createUnithAuth({ ...mock.credentials, secretKey, server: mock.url });
  expect(await failure(connect(old).getToken())).toEqual(["invalid_credentials", 401]);
  expect(await failure(connect(mock.credentials.secretKey).getToken())).toBeUndefined();
});
