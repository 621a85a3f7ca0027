import { spawn } from "node:child_process";
import { Refusal } from "./refusal.ts";

/** Errors come as JSON too, so npm need not print them beside it. */
const VIEWED = ["dist-tags", "versions", "--json", "--loglevel", "silent"];

/** What the registry has of a package. */
export interface Published {
  readonly versions: readonly string[];
  readonly distTags: Readonly<Record<string, string>>;
}

/** The registry's state of a package, empty for one it does not know. Throws {@link Refusal} with npm's message for anything else. */
export async function publishedOf(name: string, folder: string): Promise<Published> {
  const { code, stdout } = await npm(["view", name, ...VIEWED], folder, "pipe");
  const answer = parsed(stdout);
  const { error } = answer as { error?: { code?: string; summary?: string } };
  if (error?.code === "E404") return { versions: [], distTags: {} };
  const { versions, "dist-tags": distTags } = answer as { versions?: string | string[]; "dist-tags"?: object };
  if (code !== 0 || versions === undefined || distTags === undefined)
    throw new Refusal(
      `the registry could not be asked for ${name}: ${error?.summary ?? (stdout || `npm ended with ${code}`)}`,
    );
  // npm prints a list of one as its only element.
  return { versions: [versions].flat(), distTags: { ...distTags } };
}

/** Runs npm where its output and its questions reach the terminal. Returns its exit code. */
export async function runNpm(args: readonly string[], folder: string): Promise<number> {
  return (await npm(args, folder, "inherit")).code;
}

/** Some versions of npm print what they find as a list. */
function parsed(stdout: string): object {
  try {
    return [JSON.parse(stdout)].flat()[0] ?? {};
  } catch {
    return {};
  }
}

function npm(
  args: readonly string[],
  cwd: string,
  stdio: "pipe" | "inherit",
): Promise<{ code: number; stdout: string }> {
  const [command, ...first] = npmCommand(args);
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...first, ...args], { cwd, stdio: ["inherit", stdio, "inherit"] });
    let stdout = "";
    child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
      stdout += chunk;
    });
    child.once("error", (cause) => reject(new Refusal(`npm could not be started: ${cause.message}`, { cause })));
    child.once("close", (code) => resolve({ code: code ?? 1, stdout }));
  });
}

/** On Windows npm is a batch file, which only the command interpreter runs: so no argument may mean anything to it. */
export function npmCommand(args: readonly string[], platform = process.platform): [command: string, ...args: string[]] {
  const special = args.find((arg) => !/^[\w@./:+-]+$/.test(arg));
  if (special !== undefined) throw new Refusal(`${JSON.stringify(special)} cannot be passed to npm`);
  return platform === "win32" ? ["cmd.exe", "/d", "/s", "/c", "npm"] : ["npm"];
}
