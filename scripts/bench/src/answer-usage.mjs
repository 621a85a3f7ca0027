// Preloaded into a server: tells whoever started it how much CPU time it has taken, in milliseconds.
process.on("message", () => {
  const { user, system } = process.cpuUsage();
  process.send((user + system) / 1000);
});
process.on("disconnect", () => process.exit());
process.channel.unref();
process.send("started");
