// The parts generated code may ask for; a part that no spec uses is in no bundle.
export { attachElsewhere as elsewhere, fillTemplate as template, fixedValues as credentials } from "./authorise.ts";
export { chooseAuth as auth } from "./bring-auth.ts";
export { createTokenSources as tokens } from "./exchange.ts";
export {
  anyLifetimeMs as anyLifetime,
  dateLifetimeMs as dates,
  jwtLifetimeMs as jwt,
  readOutside as outside,
  secondsLifetimeMs as seconds,
} from "./issued-token.ts";
export { isRefusedGrant as grants } from "./operation.ts";
export { ownServers } from "./own-servers.ts";
export { callAndKeep as refreshTokens, refresh, refreshWithMore } from "./refresh.ts";
export { fillPath as paths, pairs } from "./serialize.ts";
export { fillVariables as variables } from "./server-url.ts";
