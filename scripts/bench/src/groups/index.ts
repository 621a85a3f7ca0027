import type { Group } from "../group.ts";
import { calls, stubbedCalls } from "./calls.ts";
import { importTimes, sizes } from "./packages.ts";
import { cachedTokens, coldCallers } from "./tokens.ts";

/** Everything that is measured, in the order of the tables. */
export const groups: readonly Group[] = [calls, stubbedCalls, cachedTokens, coldCallers, sizes, importTimes];
