import type { Members } from "./checks.ts";
import { failOf } from "./errors.ts";
import { serverUrl } from "./server-url.ts";
import type { Vendor } from "./vendor.ts";

/**
 * The vendor and the options of a client some of whose operations have servers of their own: credentials may be sent there, too.
 * Where the user gave a URL, such as a mock's, every operation is served there. Throws `invalid_options` for a server that is none.
 */
export function ownServers(vendor: Vendor, options: object): [Vendor, object] {
  const { origins } = Object(options) as Members;
  const { features } = vendor;
  const own = Object.entries(vendor.operations).flatMap(([operationId, { servers, ...operation }]) =>
    servers
      ? [
          [
            operationId,
            { ...operation, baseUrl: serverUrl({ servers, features }, Object(options), failOf(vendor.package)) },
          ] as const,
        ]
      : [],
  );
  const added = own.map(([, { baseUrl }]) => new URL(baseUrl).origin);
  return [
    { ...vendor, operations: { ...vendor.operations, ...Object.fromEntries(own) } },
    // A value that is not a list is refused where every option is checked.
    options && {
      ...options,
      origins: Array.isArray(origins ?? []) ? [...((origins as string[]) ?? []), ...added] : origins,
    },
  ];
}
