import assert from "node:assert/strict";

/** A request as a vendor's own document sends it. */
export interface DocumentedRequest {
  /** The document and the sample in it. */
  readonly from: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Readonly<Record<string, unknown>>;
  /** The documented success. */
  readonly status: number;
}

export interface DocumentedRequestCase {
  readonly name: string;
  run(serverUrl: string): Promise<void>;
}

/**
 * Cases that re-send each request with plain `fetch`: as documented it succeeds; without its credentials,
 * without a member of its body, or with one of the wrong type, it is refused.
 */
export function documentedRequestCases(requests: readonly DocumentedRequest[]): DocumentedRequestCase[] {
  return requests.flatMap((request) => {
    const { body, headers } = request;
    const { Authorization, ...anonymous } = headers;
    const refused: [string, DocumentedRequest][] = Object.keys(body ?? {}).flatMap((member) => [
      [`without ${member}`, { ...request, body: omit(body ?? {}, member) }],
      [`with ${member} of the wrong type`, { ...request, body: { ...body, [member]: { wrong: true } } }],
    ]);
    if (Authorization !== undefined) refused.push(["without credentials", { ...request, headers: anonymous }]);
    return [
      {
        name: `${request.from} is accepted`,
        run: async (serverUrl: string) => assert.equal(await statusOf(serverUrl, request), request.status),
      },
      ...refused.map(([what, variant]) => ({
        name: `${request.from} is refused ${what}`,
        run: async (serverUrl: string) => {
          const status = await statusOf(serverUrl, variant);
          assert.ok(status >= 400 && status < 500, `it was answered ${status}`);
        },
      })),
    ];
  });
}

async function statusOf(serverUrl: string, { method, path, headers, body }: DocumentedRequest): Promise<number> {
  const init = { method, headers, ...(body && { body: JSON.stringify(body) }) };
  const response = await fetch(serverUrl + path, init);
  await response.arrayBuffer();
  return response.status;
}

function omit(body: Readonly<Record<string, unknown>>, member: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(body).filter(([name]) => name !== member));
}
