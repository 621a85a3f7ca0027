import type { Group } from "../group.ts";
import { calls, stubbedCalls } from "./calls.ts";
import { generation } from "./generation.ts";
import { mockRequests, mockStart } from "./mocks.ts";
import { importTimes, sizes } from "./packages.ts";
import { cachedTokens, coldCallers } from "./tokens.ts";
import { typeChecks } from "./type-checks.ts";

/** Everything that is measured, in the order of the tables. */
export const groups: readonly Group[] = [
  calls,
  stubbedCalls,
  cachedTokens,
  coldCallers,
  sizes,
  importTimes,
  ...generation,
  ...typeChecks,
  mockStart,
  mockRequests,
];
