import type { Act, ActKind } from "../../../../effect/act.js";
import { type Effect, noEffect } from "../../../../effect/effect.js";
import type { World } from "../../../../effect/world.js";
import { onTypedTables } from "../typed-tables.js";
import { costOfAlterTable } from "./alter-table.js";
import { type Conditions, Cost } from "./cost.js";
import { costOfData } from "./data.js";
import { costOfObject } from "./object.js";

type CostOf<K extends ActKind> = (cost: Cost, act: Act<K>, conditions: Conditions) => void;

const nothing = () => {};

/**
 * The catalogue of effects: what every act locks and does, by the version of the server. Measured on PostgreSQL 11 to 18.
 * Total, so that a new act has an answer.
 */
const costs: { readonly [K in ActKind]: CostOf<K> } = {
  ...costOfAlterTable,
  ...costOfObject,
  ...costOfData,
  "default-privileges": nothing,
  "create-schema": nothing,
  "create-enum": nothing,
  "rename-enum-value": nothing,
  "create-type": nothing,
  "alter-composite": (cost, act, conditions) => {
    for (const one of onTypedTables(cost.world, act)) spend(cost, one, { ...conditions, siblings: [one] });
  },
  "create-domain": nothing,
  "create-function": nothing,
  "alter-function": nothing,
  "create-extension": nothing,
  role: nothing,
  begin: nothing,
  commit: nothing,
  rollback: nothing,
  savepoint: nothing,
  "prepared-transaction": nothing,
  set: nothing,
  "set-constraints": nothing,
  discard: (cost, { all }) => {
    if (all) cost.forbid();
  },
  // What is in it is joined to this by whoever reads it.
  "do-block": nothing,
  call: nothing,
  explain: nothing,
  "meta-command": (cost, { command }) => {
    if (/^(i|ir|include|include_relative|gexec)$/.test(command))
      cost.unknown("it runs what is somewhere else");
  },
  other: (cost, { transaction }) => {
    if (!transaction) cost.forbid();
  },
  "not-analysed": (cost, { reason }) => {
    cost.unknown(reason);
  },
};

function spend(cost: Cost, act: Act, conditions: Conditions): void {
  const of = costs[act.kind] as CostOf<ActKind>;
  of(cost, act, conditions);
}

/** What an act locks and does. */
export function effectOf(act: Act, world: World, conditions: Conditions): Effect {
  if (costs[act.kind] === nothing) return noEffect;
  const cost = new Cost(world);
  spend(cost, act, conditions);
  return cost.finish();
}
