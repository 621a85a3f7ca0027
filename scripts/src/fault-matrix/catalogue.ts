import { answerFaults } from "./answers.ts";
import { connectionFaults } from "./connections.ts";
import type { Fault } from "./fault.ts";
import { redirectFaults } from "./redirects.ts";
import { tokenFaults } from "./tokens.ts";

/** Every fault of the matrix, made by combination. */
export const FAULTS: readonly Fault[] = [
  ...answerFaults(),
  ...redirectFaults(),
  ...tokenFaults(),
  ...connectionFaults(),
];
