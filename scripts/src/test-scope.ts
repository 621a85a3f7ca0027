import { runProcess } from "./release/run-process.ts";
import { createSandbox } from "./release/sandbox.ts";
import { runCommand, SCOPE, UsageError } from "./workspace.ts";

/** `pnpm test:scope`: a copy of the repository under another scope passes the whole gate, and names this scope nowhere. */
await runCommand(async () => {
  const { root, pnpm } = await createSandbox();
  // As after a release, because that is when others begin to use it.
  await pnpm("release:version");
  console.log((await pnpm("set-scope", "@acme", "--repository", "https://github.com/acme/clients")).trim());
  const left = await runProcess("git", ["grep", "--fixed-strings", `${SCOPE}/`], { cwd: root }).catch(() => "");
  if (left !== "") throw new UsageError(`${SCOPE} is left:\n${left}`);
  const output = await pnpm("test");
  console.log(/Tasks:.*/.exec(output)?.[0]);
});
