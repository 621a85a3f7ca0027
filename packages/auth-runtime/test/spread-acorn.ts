import { createAcorn, except, type Handler, type Seen } from "./acorn.ts";
import { createFakeClock } from "./scripted-source.ts";

/** A client of acorn with a token that every server knows by now, so that a 401 is judged at once; the clock is moved by hand. */
export async function createSpreadAcorn(handler: Handler, options: object = {}) {
  const { clock, advance } = createFakeClock();
  const acorn = createAcorn(except(handler), { clock, ...options });
  await acorn.client.getToken();
  advance(2000);
  return { ...acorn, advance };
}

export const refuse = () => new Response(null, { status: 401 });

export const tokenOf = ({ headers }: Seen) => headers["authorization"]?.replace("Bearer ", "");

/** A vendor that knows some tokens. */
export function accepting(...tokens: string[]) {
  const accepted = new Set(tokens);
  const handler: Handler = (request) => (accepted.has(String(tokenOf(request))) ? Response.json({}) : refuse());
  return { accepted, handler };
}
