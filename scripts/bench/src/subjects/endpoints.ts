import { vendor } from "../../../../packages/klavi-auth/src/generated/vendor.ts";

/** The path every client requests: an operation of ours, so that all send the same. */
export const PATH = vendor.operations.refreshAccessToken.path;
/** Where those whose token's path is free obtain it. */
export const TOKEN_PATH = vendor.operations.createAccessToken.path;
