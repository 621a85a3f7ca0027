import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { startMock } from "../src/index.ts";

test("secrets in a request are masked however deep its body is", async () => {
  const mock = await startMock(fileURLToPath(new URL("grove.yaml", import.meta.url)));
  try {
    const body = `{"a":{"password":"deep-secret"},"b":${'{"a":'.repeat(50_000)}1${"}".repeat(50_001)}`;
    await fetch(`${mock.url}/session`, { method: "POST", headers: { "Content-Type": "application/json" }, body });
    expect(mock.requests.at(-1)?.body).toMatch(/^\{"a":\{"password":"\[masked\]"\},"b":\{"a":/);
  } finally {
    await mock.stop();
  }
});
