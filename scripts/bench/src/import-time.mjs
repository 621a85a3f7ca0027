// Plain JavaScript in a folder of its own, so that no types are stripped: says how long importing some packages takes.
const [startedAt, before] = [performance.now(), process.cpuUsage()];
for (const name of process.argv.slice(2)) await import(name);
const { user, system } = process.cpuUsage(before);
process.send({ cpu: (user + system) / 1000, wall: performance.now() - startedAt }, () => process.exit());
