import type { OperationModel } from "../spec/model.ts";
import { isSuccess, type ResponseModel } from "../spec/responses.ts";
import { printDoc } from "./literal.ts";
import { pascalCase } from "./names.ts";
import { bodyType, union } from "./types.ts";

/** The union of one operation's errors: a member per documented status, so that `status` types `body`. */
export function operationErrors(operation: OperationModel, names: Map<string, string>): string {
  const { id, responses, isExchange } = operation;
  const failures = responses.filter((response) => !isSuccess(response));
  const statuses = failures.map(({ status }) => status).filter((status) => status !== "default");
  const fallback = failures.find(({ status }) => status === "default");
  const operationId = JSON.stringify(id);
  const member = (codes: string[], status: string, body: string) =>
    `StatusError<${operationId}, ${union(codes.map((code) => JSON.stringify(code)))}, ${status}, ${body}>`;
  const listed = statuses.map((status) => {
    const response = failures.find((failure) => failure.status === status) as ResponseModel;
    const exact = statuses.filter((other) => !other.endsWith("XX") && other[0] === status[0]);
    const type = status.endsWith("XX") ? exclude(rangeType(status), exact) : status;
    return member(codesOf(status, isExchange), type, bodyType(response, names, "    "));
  });
  const others = exclude(
    "HttpStatus",
    statuses.map((status) => (status.endsWith("XX") ? rangeType(status) : status)),
  );
  const open = fallback ? [member(codesOf("default", isExchange), others, bodyType(fallback, names, "    "))] : [];
  const unlisted = member(
    [...codesOf("default", isExchange).filter((code) => code !== "http_error"), "unexpected_status"],
    others,
    "unknown",
  );
  const all = [...listed, ...open, unlisted, `ResponseError<${operationId}>`, `RequestError<${operationId}>`];
  return `${printDoc([`Every error of \`${id}\`.`])}export type ${pascalCase(id)}Error =\n${all.map((type) => `  | ${type}`).join("\n")};\n`;
}

/** The codes an answer of this status can have (`default`: any status that is not listed). */
function codesOf(status: string, isExchange: boolean): string[] {
  if (status === "429") return ["rate_limited"];
  const refusal = isExchange ? ["invalid_credentials"] : [];
  if (status === "401") return isExchange ? refusal : ["http_error"];
  // A 403 may be a firewall's.
  if (status === "400" || status === "403") return ["http_error", ...refusal];
  if (status === "4XX" || status === "default") return ["http_error", "rate_limited", ...refusal];
  return ["http_error"];
}

function rangeType(range: string): string {
  return range === "4XX" ? "ClientErrorStatus" : range === "5XX" ? "ServerErrorStatus" : "HttpStatus";
}

function exclude(type: string, statuses: string[]): string {
  return statuses.length === 0 ? type : `Exclude<${type}, ${statuses.join(" | ")}>`;
}
