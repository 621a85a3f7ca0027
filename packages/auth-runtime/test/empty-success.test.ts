import { describe, expect, expectTypeOf, test } from "vitest";
import { createVendorClient, type Vendor } from "../src/index.ts";
import type { TypedClient } from "../src/typed-client.ts";
import { type Acorn, acorn, credentials, rejection, type Untyped } from "./acorn.ts";

const changing = { input: { id: "path" }, security: [] } as const;
/** Operations that change something: `?` marks a success body that may be missing. */
const vendor = {
  ...acorn,
  operations: {
    ...acorn.operations,
    removeThing: { ...changing, method: "DELETE", path: "/things/{id}", responses: { "2XX": "object?" } },
    listAll: { ...changing, method: "POST", path: "/all/{id}", responses: { "2XX": "json?" } },
    makeThing: { ...changing, method: "PATCH", path: "/things/{id}", responses: { "2XX": "object" } },
    replaceThing: { ...changing, method: "PUT", path: "/whole/{id}", responses: { "2XX": "object", 204: "empty" } },
  },
} as const satisfies Vendor;

type Changing = "removeThing" | "listAll" | "makeThing" | "replaceThing";

function clientOf(answer: () => Response) {
  const requests: string[] = [];
  const fetch = async (...request: Parameters<typeof globalThis.fetch>) => {
    requests.push(new Request(...request).method);
    return answer();
  };
  const client = createVendorClient<Acorn & Record<Changing, Acorn["ping"]>>(vendor, {
    ...credentials,
    server: "main",
    fetch,
    http: { backoffMs: 1 },
  });
  return { client, typed: client.client as unknown as Record<string, Untyped["GET"]>, requests };
}

const withoutBody: [string, () => Response][] = [
  ["204", () => new Response(null, { status: 204 })],
  ["200 with Content-Length: 0", () => new Response("", { headers: { "Content-Length": "0" } })],
  ["201 with a line break", () => new Response("\r\n", { status: 201 })],
  ["202 without a stream", () => new Response(null, { status: 202 })],
  ["200 as JSON", () => new Response("", { headers: { "Content-Type": "application/json" } })],
];

describe("a success without a body, to a request that changed something", () => {
  test.each(withoutBody)("is a success where no member is required: %s", async (_, answer) => {
    const { client, typed } = clientOf(answer);
    expect(await client.removeThing({ id: "1" })).toBeUndefined();
    expect(await client.listAll({ id: "1" })).toBeUndefined();
    const { data, error, response } = await (typed["DELETE"] as Untyped["GET"])("/things/{id}", {
      params: { path: { id: "1" } },
    });
    expect([data, error, response.ok]).toEqual([undefined, undefined, true]);
  });

  test.each(withoutBody)("is invalid_response where one is, and is not repeated: %s", async (_, answer) => {
    for (const operationId of ["makeThing", "replaceThing"] as const) {
      const { client, requests } = clientOf(answer);
      const { status } = answer();
      const call = client[operationId]({ id: "1" });
      if (operationId === "replaceThing" && status === 204) {
        expect(await call).toBeUndefined();
        continue;
      }
      expect(await rejection(call)).toMatchObject({ code: "invalid_response", operationId, httpStatus: status });
      expect(requests).toHaveLength(1);
    }
  });

  test("that has one all the same is read, and has to be what the spec documents", async () => {
    expect(await clientOf(() => Response.json({ id: "1" })).client.removeThing({ id: "1" })).toEqual({ id: "1" });
    expect(await clientOf(() => Response.json([1])).client.listAll({ id: "1" })).toEqual([1]);
    for (const body of ["<html>", "[]", "1", "null", "{"]) {
      const error = await rejection(clientOf(() => new Response(body)).client.removeThing({ id: "1" }));
      expect(error).toMatchObject({ code: "invalid_response", httpStatus: 200 });
    }
  });

  test("has a type in client that says so, where no member is required", () => {
    interface Operation<Body> {
      parameters: { query?: never; header?: never; path?: never; cookie?: never };
      requestBody?: never;
      responses: {
        200: { headers: Record<string, unknown>; content: { "application/json": Body } };
        404: { headers: Record<string, unknown>; content: { "application/json": { why: string } } };
      };
    }
    interface Item<Body> {
      parameters: { query?: never; header?: never; path?: never; cookie?: never };
      get: Operation<Body>;
      post: Operation<Body>;
      delete: Operation<Body>;
    }
    type Client = TypedClient<{ "/required": Item<{ id: string }>; "/optional": Item<{ id?: string }> }>;
    const calls = (client: Client) => ({
      optional: client.DELETE("/optional"),
      required: client.POST("/required"),
      safe: client.GET("/optional"),
    });
    type Answers = { [Name in keyof ReturnType<typeof calls>]: Awaited<ReturnType<typeof calls>[Name]> };
    type Data<Name extends keyof Answers> = Extract<Answers[Name], { error?: never }>["data"];
    expectTypeOf<Data<"optional">>().toEqualTypeOf<{ id?: string } | undefined>();
    expectTypeOf<Data<"required">>().toEqualTypeOf<{ id: string }>();
    expectTypeOf<Data<"safe">>().toEqualTypeOf<{ id?: string }>();
  });
});

describe("headers without a value", () => {
  const given: [string, object][] = [
    ["an object", { "X-Own": "1", "X-None": undefined, "X-Null": null, Accept: undefined }],
    [
      "pairs",
      [
        ["X-Own", "1"],
        ["X-None", undefined],
        ["X-Null", null],
        ["Accept", undefined],
      ],
    ],
    ["Headers", new Headers({ "X-Own": "1" })],
    [
      "a Map",
      new Map([
        ["X-Own", "1"],
        ["X-None", undefined],
      ] as [string, string | undefined][]),
    ],
  ];
  test.each(given)("are left out of operations and client: %s", async (_, headers) => {
    const seen: Record<string, string>[] = [];
    const fetch = async (...request: Parameters<typeof globalThis.fetch>) => {
      seen.push(Object.fromEntries(new Request(...request).headers));
      return Response.json({});
    };
    const client = createVendorClient<Acorn>(acorn, { ...credentials, server: "main", fetch });
    await client.ping(undefined, { headers: headers as Record<string, string> });
    await (client.client as unknown as Untyped).GET("/ping", { headers, params: { header: { "X-Two": undefined } } });
    const { accept } = seen[0] ?? {};
    expect(seen).toEqual([
      { accept, "x-own": "1" },
      { accept, "x-own": "1" },
    ]);
    expect(accept).toBe("application/json");
  });
});
