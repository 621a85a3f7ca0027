import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { metrics } from "@opentelemetry/api";
import { MeterProvider, MetricReader } from "@opentelemetry/sdk-metrics";
import { afterAll, expect, test, vi } from "vitest";
import type { ClientEvent } from "../src/index.ts";
import { createAcorn, credentials, except } from "./acorn.ts";
import { createFakeClock } from "./scripted-source.ts";

const folder = fileURLToPath(new URL("../.cache/open-telemetry/", import.meta.url));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Gives what was measured when it is asked. */
class Reader extends MetricReader {
  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
}

test("the recipe of the README feeds OpenTelemetry, and no secret with it", async () => {
  const reader = new Reader();
  metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const [, recipe] = /```js\n(import \{ metrics \}[\s\S]*?)```/.exec(readme) ?? [];
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}recipe.mjs`, `${recipe}\nexport { onEvent };\n`);
  const { onEvent } = (await import(/* @vite-ignore */ `${folder}recipe.mjs`)) as {
    onEvent: (event: ClientEvent) => void;
  };

  const { clock, advance } = createFakeClock();
  let answers = 0;
  // 599 issues a token.
  const handler = except(
    ({ url }) => new Response(null, { status: url.endsWith("/renew") ? 599 : answers++ > 0 ? 200 : 401 }),
  );
  const { client } = createAcorn(handler, { clock, onEvent });
  await client.getToken();
  advance(2000);
  await client.fetch("https://api.acorn.example/a");
  advance(3_400_000);
  await client.getToken();

  // The refresh goes on in the background.
  const points = await vi.waitFor(async () => {
    const { resourceMetrics } = await reader.collect();
    const all = resourceMetrics.scopeMetrics.flatMap(({ metrics: measured }) =>
      measured.flatMap(({ descriptor, dataPoints }) =>
        dataPoints.map((point) => ({ name: descriptor.name, ...point })),
      ),
    );
    const counted = all.filter(({ name }) => name === "vendor_auth.events");
    expect(Object.fromEntries(counted.map(({ attributes, value }) => [attributes["type"], value]))).toEqual({
      "token.issued": 3,
      "token.invalidated": 1,
      "request.replayed": 1,
      "token.served_while_refreshing": 1,
    });
    return all;
  });
  const durations = points.filter(({ name }) => name === "vendor_auth.duration");
  expect(durations.map(({ attributes }) => attributes)).toEqual([
    { type: "token.issued", by: "exchange" },
    { type: "request.replayed", by: undefined },
    { type: "token.issued", by: "refresh" },
  ]);
  expect(JSON.stringify(points)).not.toMatch(new RegExp(`token-\\d|${credentials.password}`));
});
