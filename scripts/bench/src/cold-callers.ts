import type { Endpoint } from "./endpoint.ts";
import { usageOf } from "./rounds.ts";
import { loadSubject, type SubjectName } from "./subjects/index.ts";

// Many callers of one subject in a process of their own: says what they cost.
const [name, url, callers] = process.argv.slice(2) as [SubjectName, Endpoint["url"], string];
const { getToken } = await loadSubject(name);
if (!getToken) throw new Error(`${name} keeps no token`);
const ask = getToken({ url });
let failed = 0;
const usage = await usageOf(async () => {
  const settled = await Promise.allSettled(Array.from({ length: Number(callers) }, ask));
  failed = settled.filter(({ status }) => status === "rejected").length;
});
process.send?.({ ...usage, failed, peak: process.resourceUsage().maxRSS / 1024 }, () => process.exit());
