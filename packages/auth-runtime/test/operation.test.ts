import { describe, expect, test } from "vitest";
import { createAcorn, except, rejection } from "./acorn.ts";

const thing = (status: number, body: unknown, headers = {}) =>
  createAcorn(except(() => Response.json(body, { status, headers }))).client.getThing({ id: "1" });

describe("an operation's request", () => {
  test("has each flat member where the spec wants it, and fixed members filled in", async () => {
    const { client, seen } = createAcorn(except(() => Response.json({ id: "1" })));
    await client.getThing({ id: "a b/ü", expand: ["x", "y"], "X-Trace": "t" }, { headers: { "X-Own": "1" } });
    expect(seen[0]).toMatchObject({
      method: "POST",
      body: JSON.stringify({ user: "someone", password: "example-password", grant: "password" }),
      headers: { accept: "application/json", "content-type": "application/json" },
    });
    expect(seen[1]?.url).toBe("https://api.acorn.example/things/a%20b%2F%C3%BC?expand=x&expand=y");
    expect(seen[1]?.headers).toMatchObject({ "x-trace": "t", "x-own": "1" });
  });

  test("has no body where none is given, and a number in its path", async () => {
    const { client, seen } = createAcorn(except(() => new Response(null, { status: 204 })));
    await client.putThing({ id: 5, nothing: undefined });
    expect(seen.at(-1)).toMatchObject({ url: "https://api.acorn.example/things/5", body: "" });
    expect(seen.at(-1)?.headers).not.toHaveProperty("content-type");
  });

  test("leaves out what is undefined, sends a whole body under body, and takes more members only where the spec does", async () => {
    const { client, seen } = createAcorn(
      except(({ url }) => (url.endsWith("/open") ? new Response("ok") : new Response(null, { status: 204 }))),
    );
    await client.putThing({ id: "1", body: [1, 2] });
    expect(seen.at(-1)?.body).toBe("[1,2]");
    await client.openThing({ name: undefined, extra: "1" });
    expect(seen.at(-1)?.body).toBe("extra=1");
  });

  test("leaves out what is null where there is no null: in a query, a header and a form", async () => {
    const { client, seen } = createAcorn(except(() => new Response("{}")));
    await client.getThing({ id: "1", expand: null, "X-Trace": null });
    expect(seen.at(-1)?.url).toBe("https://api.acorn.example/things/1");
    expect(seen.at(-1)?.headers).not.toHaveProperty("x-trace");
    await client.openThing({ name: null });
    expect(seen.at(-1)).toMatchObject({ body: "", headers: { "content-type": "application/x-www-form-urlencoded" } });
  });

  test("sends an object in a form or query as name[key]", async () => {
    const { client, seen } = createAcorn(except(() => new Response("{}")));
    await client.getThing({ id: "1", expand: { of: ["a b"], to: 1, none: undefined } });
    expect(seen.at(-1)?.url).toBe("https://api.acorn.example/things/1?expand%5Bof%5D=a%20b&expand%5Bto%5D=1");
  });

  test("sends a list in a form member by member", async () => {
    const { client, seen } = createAcorn(() => new Response("ok"));
    await client.openThing({ name: ["a b", "c"], flag: true });
    expect(seen[0]?.body).toBe("name=a+b&name=c&flag=true");
  });

  const refused: [string, object | undefined, string][] = [
    ["a missing path member", { expand: "x" }, "id is missing"],
    ["no input where some is needed", undefined, "id is missing"],
    ["an empty path member", { id: "" }, "id has to be a string that can stand in a path"],
    ["a path member that would climb", { id: ".." }, "id has to be a string that can stand in a path"],
    ["a path member that is an object", { id: {} }, "id has to be a string that can stand in a path"],
    ["a path member no URL can hold", { id: "\ud800" }, "id has to be a string that can stand in a path"],
    [
      "a name every object has",
      { id: "1", constructor: "x" },
      'it takes no "constructor"; its input is id, expand, X-Trace',
    ],
    [
      "a header value with a line break",
      { id: "1", "X-Trace": "a\nb" },
      "a header has a name or value that cannot be sent",
    ],
    ["input that is a list", [], "input has to be an object"],
    ["an unknown member", { id: "1", expnad: "x" }, 'it takes no "expnad"; its input is id, expand, X-Trace'],
    ["input that is no object", "1" as unknown as object, "input has to be an object"],
  ];
  test.each(refused)("%s is refused before anything is sent", async (_, input, message) => {
    const { client, seen } = createAcorn();
    const error = await rejection(client.getThing(input));
    expect(error).toMatchObject({ code: "invalid_options", operationId: "getThing" });
    expect(error.message).toBe(`[@test/acorn] getThing: ${message}`);
    expect(seen).toEqual([]);
  });

  const options: [string, object, string][] = [
    ["an unknown option", { timeout: 5 }, 'there is no option "timeout"; the options are signal, headers, timeoutMs'],
    ["a timeout that is no number", { timeoutMs: "5" }, "timeoutMs has to be a number, 0 or more"],
    ["a signal that is none", { signal: new AbortController() }, "signal has to be an AbortSignal"],
    ["headers that cannot be sent", { headers: { "a b": "c" } }, "a header has a name or value that cannot be sent"],
    ["options that are none", null as unknown as object, "options have to be an object"],
  ];
  test.each(options)("%s is refused before anything is sent", async (_, each, message) => {
    const { client, seen } = createAcorn();
    expect((await rejection(client.getThing({ id: "1" }, each))).message).toBe(`[@test/acorn] getThing: ${message}`);
    expect(seen).toEqual([]);
  });

  test("an operation without input says so", async () => {
    expect((await rejection(createAcorn().client.ping({ a: 1 }))).message).toContain(
      'it takes no "a"; its input is empty',
    );
  });
});

describe("an operation's answer", () => {
  test("is the parsed body, the text, or nothing, as the spec says", async () => {
    expect(await thing(200, { id: "1" })).toEqual({ id: "1" });
    const { client } = createAcorn(
      except(({ url }) => (url.endsWith("/open") ? new Response("opened") : new Response(null, { status: 204 }))),
    );
    expect(await client.openThing({ name: "x" })).toBe("opened");
    expect(await client.putThing({ id: "1", body: {} })).toBeUndefined();
  });

  test("is the text as it is where the spec says text, even if it looks like JSON", async () => {
    const { client } = createAcorn(() => new Response("123"));
    expect(await client.openThing({ name: "x" })).toBe("123");
  });

  test("is undefined where nothing came", async () => {
    expect(await createAcorn(() => new Response(null)).client.ping()).toBeUndefined();
  });

  test("is an empty text where the spec says text and nothing came", async () => {
    expect(await createAcorn(() => new Response("")).client.openThing({ name: "x" })).toBe("");
  });

  test("counts as the documented success with any status from 200 to 299", async () => {
    expect(await thing(206, { id: "1" })).toEqual({ id: "1" });
  });

  test.each([["<html>"], [""], ["[]"], ["1"]])(
    "that is not the documented object is invalid_response: %j",
    async (body) => {
      const { client } = createAcorn(
        except(() => new Response(body, { headers: { "Content-Type": "application/json" } })),
      );
      const error = await rejection(client.getThing({ id: "1" }));
      expect(error).toMatchObject({ code: "invalid_response", status: undefined });
      expect(error.message).toContain("getThing: answered 200 with an undocumented body");
    },
  );
});
