import { chosenRows } from "./group.ts";
import { groups } from "./groups/index.ts";
import { interleave } from "./rounds.ts";

// Measures one group in a process of its own and says what it measured.
const [name, ...rows] = process.argv.slice(2);
const group = groups.find((each) => each.name === name);
if (!group) throw new Error(`there is no group ${name}`);
const samples = await interleave(chosenRows(group, rows), group.rounds);
process.send?.(samples, () => process.exit());
