import { scopeOf } from "../op/dependents.js";
import { mentionsColumn } from "../op/expression/column.js";
import { identifiersIn } from "../op/written-names.js";
import { partAddress } from "../schema/address.js";
import type { Address } from "../schema/dependency.js";
import { nameOf } from "../schema/name.js";
import type { Expression, Policy, Table } from "../schema/schema.js";
import type { Renamed } from "./rename.js";
import { commentDiffers, type Split, sameSplit, touchedOf, type Work } from "./work.js";

function split(policy: Policy): Split {
  const rest = { ...policy, roles: [...policy.roles].sort(), comment: null, using: null, check: null };
  return { rest, texts: [policy.using, policy.check] };
}

function same(work: Work, table: Table, from: Policy, to: Policy): boolean {
  if (from === to) return true;
  return sameSplit(work, { object: table, part: "policy", name: to.name }, split(from), split(to));
}

/** Policies stand in the way of every change of type or drop of a column that they use, also of other tables. */
function isInTheWay(work: Work, table: Table, policy: Policy, changing: ReadonlySet<string>): boolean {
  const { retyped, gone } = touchedOf(work, table);
  const texts = textsOf(policy);
  const scope = scopeOf(table);
  if (texts.some((text) => [...retyped, ...gone].some((column) => mentionsColumn(text, scope, column)))) {
    return true;
  }
  return changing.size > 0 && texts.some((text) => isSubqueryOver(text, changing));
}

function textsOf({ using, check }: Policy): readonly Expression[] {
  return [using, check].filter((text) => text !== null);
}

function isSubqueryOver(text: string, tables: ReadonlySet<string>): boolean {
  const names = identifiersIn(text);
  return names.has("select") && [...tables].some((table) => names.has(table));
}

/**
 * Policies of a kept table. Needs `touched`; `changing` are tables whose columns change, in lower case; `standing` has
 * the addresses of policies that stand on what changes, as far as the engine knows it.
 */
export function diffPolicies(
  work: Work,
  from: Table,
  to: Table,
  changing: ReadonlySet<string>,
  standing: ReadonlySet<Address>,
  renamed: Pick<Renamed, "tables" | "backward">,
): void {
  const { phases } = work;
  const table = nameOf(to);
  const drop = (policy: Policy) => {
    // The text of a subquery keeps the old name until the policy is made again; undoing it needs that name.
    const early = textsOf(policy).some((text) => isSubqueryOver(text, renamed.tables));
    const place = { kind: "table", object: nameOf(from), member: null } as const;
    const name = early ? nameOf(renamed.backward(place).object) : table;
    const phase = early ? phases.dropPoliciesOverRenamed : phases.dropPolicies;
    phase.push({ kind: "drop-policy", table: name, policy: policy.name });
  };
  const old = new Map(from.policies.map((policy) => [policy.name, policy]));
  for (const policy of to.policies) {
    const before = old.get(policy.name);
    old.delete(policy.name);
    const stays =
      before !== undefined &&
      same(work, to, before, policy) &&
      !standing.has(partAddress("policy", from, policy.name)) &&
      !isInTheWay(work, from, before, changing);
    if (!stays) {
      if (before) drop(before);
      phases.createPolicies.push({ kind: "create-policy", table, policy });
    } else if (commentDiffers(work, before, policy)) {
      const target = { on: "policy", table, name: policy.name } as const;
      phases.comments.push({ kind: "set-comment", target, comment: policy.comment });
    }
  }
  for (const policy of old.values()) drop(policy);
}
