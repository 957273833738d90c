import { showName } from "../schema/name.js";
import { missingPolicy, putIndexed, requireFreePolicy, tableOf } from "./lookup.js";
import type { OpDefinitions } from "./op.js";

export const policyDefinitions = {
  "create-policy": {
    effect: ({ policy }) => (policy.permissive ? "widening" : "narrowing"),
    apply(draft, { table: name, policy }) {
      const table = tableOf(draft, name);
      requireFreePolicy(table, policy.name);
      putIndexed(draft, { ...table, policies: [...table.policies, policy] });
    },
    invert: (_before, { table, policy }) => ({
      ops: [{ kind: "drop-policy", table, policy: policy.name }],
    }),
    describe: ({ table, policy }) => `create policy ${policy.name} on ${showName(table)}`,
  },

  "drop-policy": {
    effect({ table, policy }, before) {
      const old = tableOf(before, table).policies.find((one) => one.name === policy);
      return old?.permissive ? "narrowing" : "widening";
    },
    apply(draft, { table: name, policy, ifExists }) {
      const table = tableOf(draft, name);
      const policies = table.policies.filter((one) => one.name !== policy);
      if (policies.length === table.policies.length && !ifExists) throw missingPolicy(table, policy);
      putIndexed(draft, { ...table, policies });
    },
    invert(before, { table, policy }) {
      const old = tableOf(before, table).policies.find((one) => one.name === policy);
      return { ops: old === undefined ? [] : [{ kind: "create-policy", table, policy: old }] };
    },
    describe: ({ table, policy }) => `drop policy ${policy} of ${showName(table)}`,
  },
} satisfies Pick<OpDefinitions, "create-policy" | "drop-policy">;
