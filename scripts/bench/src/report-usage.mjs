// Preloaded into every Node process of a command: writes down what each of them took.
import { appendFileSync } from "node:fs";

process.on("exit", () => {
  const { user, system } = process.cpuUsage();
  appendFileSync(process.env.USAGE_FILE, `${(user + system) / 1000}\n`);
});
