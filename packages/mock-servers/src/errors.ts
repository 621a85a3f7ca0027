/** A mock server that could not do what was asked; the message is one sentence that says what to do. */
export class MockError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(`[@org/mock-servers] ${message}`, options);
    this.name = "MockError";
  }
}
