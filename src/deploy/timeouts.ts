import { protectedTimeouts, type Timeouts } from "../config/environment-settings.js";

/** Of a deploy others wait two seconds at most, unless the environment says otherwise. */
export function deployTimeouts(timeouts: Timeouts): Timeouts {
  return timeouts.lockMs === null ? { ...protectedTimeouts, statementMs: timeouts.statementMs } : timeouts;
}
