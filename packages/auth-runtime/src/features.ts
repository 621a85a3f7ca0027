// What generated code may ask for; a part nobody names is in nobody's bundle.
export { attachElsewhere as elsewhere, fixedValues as credentials } from "./authorise.ts";
export { chooseAuth as auth } from "./bring-auth.ts";
export { createTokenSources as tokens, refresh } from "./exchange.ts";
export { dateLifetimeMs as dates, jwtLifetimeMs as jwt } from "./issued-token.ts";
export { isRefusedGrant as grants } from "./operation.ts";
export { fillPath as paths, pairs } from "./serialize.ts";
export { fillVariables as variables } from "./server-url.ts";
