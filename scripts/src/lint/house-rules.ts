import { type OpenApiDocument, SpecError } from "../spec/document.ts";
import { documentRules } from "./rules/document.ts";
import { operationRules } from "./rules/operation.ts";
import { renewalRules } from "./rules/renewal.ts";
import type { Pointer, Rule } from "./rules/rule.ts";
import { tokenRules } from "./rules/token.ts";

/** What a spec has to follow beyond OpenAPI itself, because the generator, the runtime and the mocks rest on it. */
export const houseRules: Record<string, Rule> = { ...documentRules, ...operationRules, ...tokenRules, ...renewalRules };

export interface Finding {
  pointer: Pointer;
  message: string;
}

/** Runs one rule; a mistake that stops it half-way is its last finding. */
export function checkRule(rule: string, document: OpenApiDocument): Finding[] {
  const findings: Finding[] = [];
  try {
    houseRules[rule]?.(document, (pointer, message) => findings.push({ pointer, message }));
  } catch (error) {
    // Other rules, ours and Redocly's, report the structural mistake that made this one stumble.
    if (!(error instanceof SpecError)) return findings;
    if (rule === "generatable") findings.push({ pointer: error.pointer, message: error.message });
  }
  return findings;
}
