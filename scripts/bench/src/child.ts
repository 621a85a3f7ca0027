import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";

export interface ChildOptions {
  readonly args?: readonly string[];
  readonly execArgv?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

/** A process of Node's that answers messages. */
export interface Child<First> extends AsyncDisposable {
  /** The first thing it said. */
  readonly said: First;
  /** Sends a question and waits for the answer. */
  ask<Answer>(question: string): Promise<Answer>;
}

const running = new Set<ChildProcess>();

/** Ends every process that was started and left running. */
export function stopChildren(): void {
  for (const child of running) child.kill();
}

/** Starts a module as a process of its own and waits for the first thing it says. Throws if it ends before. */
export async function startChild<First>(
  file: URL | string,
  { args = [], execArgv = [], env = {} }: ChildOptions = {},
): Promise<Child<First>> {
  const path = file instanceof URL ? fileURLToPath(file) : file;
  const child = fork(path, args, {
    execArgv: ["--disable-warning=ExperimentalWarning", ...execArgv],
    env: { ...process.env, ...env },
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  running.add(child);
  child.once("exit", () => running.delete(child));
  let errors = "";
  child.stderr?.on("data", (chunk) => {
    errors += chunk;
  });
  const next = <Answer>() =>
    new Promise<Answer>((resolve, reject) => {
      const ended = () => reject(new Error(`${path} ${args.join(" ")} ended without an answer:\n${errors}`));
      child.once("exit", ended);
      child.once("message", (message) => {
        child.off("exit", ended);
        resolve(message as Answer);
      });
    });
  return {
    said: await next<First>(),
    ask(question) {
      child.send(question);
      return next();
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill();
      await ended;
    },
  };
}

/** Runs a module as a process of its own and answers the one thing it says. */
export async function runChild<Answer>(file: URL | string, options?: ChildOptions): Promise<Answer> {
  await using child = await startChild<Answer>(file, options);
  return child.said;
}
