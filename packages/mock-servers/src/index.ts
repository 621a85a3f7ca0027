export type { MockClock } from "./clock.ts";
export type { Credential } from "./credentials.ts";
export { MockError } from "./errors.ts";
export type { ConnectionFault, Fault } from "./faults.ts";
export type { MockRequest } from "./request-log.ts";
export { type MockOptions, type MockServer, startMock, startMocks } from "./start-mock.ts";
