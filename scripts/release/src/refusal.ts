/** A reason not to publish that a person can act on: printed as it stands, without a stack. */
export class Refusal extends Error {}
