import { startMock } from "@org/mock-servers";
import { afterAll, expect, test } from "vitest";
import { createKlaviAuth } from "../src/index.ts";

const mock = await startMock("klavi-auth", { protect: ["/v1/**"] });
afterAll(() => mock.stop());

test("one client serves any number of tests, each of which resets the mock", async () => {
  const klavi = createKlaviAuth({ ...mock.credentials, server: mock.url });
  for (let turn = 0; turn < 6; turn++) {
    mock.reset();
    expect((await klavi.fetch(`${mock.url}/v1/monitors`)).status).toBe(200);
    await klavi.refreshAccessToken();
  }
});

test("a token revoked again and again costs an exchange each time, and no error", async () => {
  const klavi = createKlaviAuth({ ...mock.credentials, server: mock.url });
  for (let turn = 0; turn < 6; turn++) {
    expect((await klavi.fetch(`${mock.url}/v1/monitors`)).status).toBe(200);
    mock.revokeTokens();
  }
});
