export { MockError } from "./errors.ts";
export { type MockOptions, type MockServer, startMock, startMocks } from "./start-mock.ts";
