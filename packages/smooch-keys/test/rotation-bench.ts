import { type MockServer, startMock } from "@org/mock-servers";
import { afterAll, beforeEach } from "vitest";
import type { NewKey, RotationOptions, RotationStep } from "../src/rotate.ts";
import { type Account, connect } from "./rotation-consumer.ts";

export const appId = "a";
export const integrationId = "i";

/** A mock for a file's tests, fresh for each, and what they do with it in short. */
export async function prepareBench() {
  const mock: MockServer = await startMock("smooch-keys", { protect: ["/probe"] });
  afterAll(() => mock.stop());
  beforeEach(() => mock.reset());
  const account: Account = { ...mock.credentials, server: mock.url, hidesSecrets: false };
  const smooch = connect(account);
  return {
    mock,
    account,
    smooch,
    /** The same, where the vendor lists no secrets. */
    hiding: connect({ ...account, hidesSecrets: true }),
    create: async (displayName: string) => (await smooch.createAppKey({ appId, displayName })).key,
    list: async () => (await smooch.listAppKeys({ appId })).keys,
    changes: () => mock.requests.filter(({ method }) => method !== "GET").map(({ operationId }) => operationId),
  };
}

/** Options that note what they were told. */
export function noting(keyId: string, more: Partial<RotationOptions> = {}) {
  const steps: RotationStep[] = [];
  const handed: NewKey[] = [];
  const options: RotationOptions = {
    appId,
    keyId,
    handOver: (key) => void handed.push(key),
    onStep: (step) => void steps.push(step),
    ...more,
  };
  return { options, steps, handed, told: () => steps.map(({ step, state }) => `${step} ${state}`) };
}

/** What some work failed with, without the package's name. */
export const failure = (work: Promise<unknown>) =>
  work.then(
    () => "no failure",
    ({ message }: Error) => message.replace("[@org/smooch-keys] ", ""),
  );
