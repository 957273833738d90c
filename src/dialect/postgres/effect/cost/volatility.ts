import type { Call, Expression } from "../../../../effect/syntax.js";
import { findFunctions, type World } from "../../../../effect/world.js";
import { stableFunctions, volatileFunctions } from "./built-in-functions.js";
import { inlinedCalls } from "./inlined.js";

/** Those of pg_catalog come first in the search path, unless the call names another schema. */
function isBuiltIn({ name }: Call): boolean {
  if (name.namespace !== null && name.namespace !== "pg_catalog") return false;
  return stableFunctions.has(name.name) || volatileFunctions.has(name.name);
}

/**
 * True when the expression may have another value for every row. A function that nobody saw made is taken to be what
 * one is that says nothing of itself: volatile.
 */
export function isVolatile(world: World, { calls }: Pick<Expression, "calls">): boolean {
  return calls.some((call) => isVolatileCall(world, call, 0));
}

/** The server gives up on functions that call themselves. */
const deepest = 8;

function isVolatileCall(world: World, call: Call, depth: number): boolean {
  const own = findFunctions(world, call.name);
  if (own.length > 0 && !isBuiltIn(call)) {
    const fitting = own.filter((one) => one.arguments.length === call.arguments);
    return (fitting.length > 0 ? fitting : own).some((one) => {
      if (one.volatility !== "volatile" || depth >= deepest) return one.volatility === "volatile";
      const inside = inlinedCalls(one);
      // How many arguments these have is not read: of several of a name the worst counts.
      return (
        inside === null ||
        inside.some((name) => isVolatileCall(world, { name, arguments: -1, texts: [] }, depth + 1))
      );
    });
  }
  if (isBuiltIn(call)) return volatileFunctions.has(call.name.name);
  // Extensions are put into schemas of their own.
  return !stableFunctions.has(call.name.name);
}

/** True when it is known that calling it does nothing to a table; sequences aside. */
export function isHarmless(call: Call): boolean {
  return isBuiltIn(call) || stableFunctions.has(call.name.name) || volatileFunctions.has(call.name.name);
}
