import { bytesOf, type Fault, type FaultContext, jsonReply } from "./fault.ts";

const STATUSES = [301, 302, 303, 307, 308];

/** Where a redirect leads; `undefined` says nowhere. */
const TARGETS: Record<string, (context: FaultContext) => string | undefined> = {
  "the same origin": ({ origin, request }) => `${origin}${request.path}/redirected`,
  "a relative path": () => "./redirected",
  "another origin": ({ elsewhere, request }) => `${elsewhere}${request.path}`,
  "another name of this host": ({ origin, request }) => `${origin.replace("127.0.0.1", "localhost")}${request.path}`,
  "another origin, without a scheme": ({ elsewhere }) => elsewhere.slice("http:".length),
  "another origin, with a user": ({ elsewhere }) => `${elsewhere.replace("//", "//user:password@")}/`,
  itself: ({ request }) => request.path,
  nowhere: () => undefined,
  "an empty place": () => "",
  "no url": () => "http://[",
  "a file": () => "file:///etc/hostname",
  data: () => 'data:application/json,{"accessToken":"x"}',
};

/** Retry-After as RFC 9110 has it, and as vendors do. */
const RETRY_AFTER: Record<string, string> = {
  zero: "0",
  one: "1",
  "a fraction": "1.5",
  "a small fraction": "0.01",
  negative: "-5",
  signed: "+1",
  two: "60, 60",
  "two, one of them a fraction": "60, 120.5",
  "a word": "soon",
  empty: "",
  hex: "0x10",
  exponent: "1e3",
  huge: "99999999999999999999",
  "beyond any timer": "2147483648",
  "a past date": "Sun, 06 Nov 1994 08:49:37 GMT",
  "an RFC 850 date": "Sunday, 06-Nov-94 08:49:37 GMT",
  "an asctime date": "Sun Nov  6 08:49:37 1994",
  "a future date": "Fri, 31 Dec 2100 23:59:59 GMT",
  "an ISO date": "2100-12-31T23:59:59Z",
  "a date that is none": "Fri, 31 Feb 2100 25:61:61 GMT",
};

/** Redirects × where they lead, and the pauses an answer may ask for. */
export function redirectFaults(): Fault[] {
  const redirects = STATUSES.flatMap((status) =>
    Object.entries(TARGETS).map(
      ([name, lead]): Fault => ({
        name: `${status} to ${name}`,
        group: "redirects",
        answer(context) {
          const location = lead(context);
          const headers = location === undefined ? [] : [["location", location] as const];
          return bytesOf(jsonReply(status, { redirected: true }, headers));
        },
      }),
    ),
  );
  const pauses = [403, 429, 503].flatMap((status) =>
    Object.entries(RETRY_AFTER).map(
      ([name, value]): Fault => ({
        name: `${status} retry-after ${name}`,
        group: "pauses",
        isPrompt: true,
        answer: (context) => bytesOf(jsonReply(status, context.documented(status), [["retry-after", value]])),
      }),
    ),
  );
  const twice: Fault = {
    name: "429 retry-after in two headers",
    group: "pauses",
    answer: () =>
      bytesOf(
        jsonReply(429, {}, [
          ["retry-after", "60"],
          ["retry-after", "0"],
        ]),
      ),
  };
  return [...redirects, ...pauses, twice];
}
