import type { ANSWER, Endpoint } from "../endpoint.ts";
import { TOKEN_PATH } from "./endpoints.ts";

/** One token request, for those that leave it to their user. */
export async function obtainToken({ url }: Endpoint): Promise<typeof ANSWER> {
  const response = await fetch(`${url}${TOKEN_PATH}`, { method: "POST" });
  return (await response.json()) as typeof ANSWER;
}
