import type { OpenApiDocument } from "../spec/document.ts";
import { checkRule, houseRules } from "./house-rules.ts";

interface Location {
  child(keys: (string | number)[]): Location;
  key(): Location;
}
interface RuleContext {
  location: Location;
  report(problem: { message: string; location: Location }): void;
}

const rules = Object.fromEntries(
  Object.keys(houseRules).map((rule) => [
    rule,
    () => ({
      Root(document: OpenApiDocument, { location, report }: RuleContext) {
        for (const { pointer, message } of checkRule(rule, document)) {
          report({
            message,
            location: pointer.length > 0 ? location.child([...pointer]) : location.child(["openapi"]),
          });
        }
      },
    }),
  ]),
);

/** The house rules as a Redocly plugin, so that one linter reports everything with file and line. */
export default function plugin() {
  return {
    id: "house",
    rules: { oas2: rules, oas3: rules },
  };
}
