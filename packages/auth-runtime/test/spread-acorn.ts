import { createAcorn, except, type Handler } from "./acorn.ts";
import { createFakeClock } from "./scripted-source.ts";

/** A client of acorn with a token that every server knows by now, so that a 401 is judged at once; the clock is moved by hand. */
export async function createSpreadAcorn(handler: Handler, options: object = {}) {
  const { clock, advance } = createFakeClock();
  const acorn = createAcorn(except(handler), { clock, ...options });
  await acorn.client.getToken();
  advance(2000);
  return { ...acorn, advance };
}
