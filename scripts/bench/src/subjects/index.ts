import type { Subject } from "./subject.ts";

/** Every subject by the name of its row; each is loaded only where it is measured. */
export const subjects = {
  "@azure/core-rest-pipeline (bearer policy)": () => import("./azure.ts"),
  "@octokit/auth-app": () => import("./octokit-auth-app.ts"),
  "@octokit/request with its auth hook": () => import("./octokit-request.ts"),
  "@smithy/property-provider `memoize`": () => import("./smithy.ts"),
  "a promise kept in a variable": () => import("./kept-promise.ts"),
  "axios (fetch adapter)": () => import("./axios.ts"),
  "bare `fetch` with a fixed header": () => import("./bare-fetch.ts"),
  "bare `fetch` with a `Request`": () => import("./fetch-request.ts"),
  "google-auth-library": () => import("./google-auth-library.ts"),
  "`klavi.client.GET`": () => import("./klavi-client.ts"),
  "`klavi.fetch`": () => import("./klavi-fetch.ts"),
  "`klavi.fetch` with a `Request`": () => import("./klavi-fetch-request.ts"),
  "`klavi.getToken`": () => import("./klavi-token.ts"),
  "`klavi.refreshAccessToken`": () => import("./klavi-operation.ts"),
  ky: () => import("./ky.ts"),
  ofetch: () => import("./ofetch.ts"),
  "openapi-fetch with a middleware": () => import("./openapi-fetch.ts"),
  "openapi-fetch with `AbortSignal.timeout`": () => import("./openapi-fetch-deadline.ts"),
  "simple-oauth2": () => import("./simple-oauth2.ts"),
  "`smooch.listAppKeys`": () => import("./smooch-operation.ts"),
  "sunshine-conversations-client": () => import("./zendesk.ts"),
};

export type SubjectName = keyof typeof subjects;

export async function loadSubject(name: SubjectName): Promise<Subject> {
  return (await subjects[name]()).subject;
}
