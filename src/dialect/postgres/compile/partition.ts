import { nameKey, sameName } from "../../../schema/name.js";
import { step } from "../../step.js";
import { quoteName } from "../quote.js";
import type { Group } from "./contract.js";

/** ALTER TABLE … ATTACH PARTITION and INHERIT, ALTER INDEX … ATTACH PARTITION of the manual. */
export const compilePartition: Group<
  "attach-partition" | "detach-partition" | "set-inheritance" | "attach-index"
> = {
  "attach-partition": (op) => [
    step(
      `ALTER TABLE ONLY ${quoteName(op.partition.of)} ATTACH PARTITION ${quoteName(op.name)} ${op.partition.bounds}`,
      op,
    ),
  ],
  "detach-partition": (op, { before }) => {
    const parent = before.tables.get(nameKey(op.name))?.partition?.of;
    if (parent === undefined) return [];
    const sql = `ALTER TABLE ${quoteName(parent)} DETACH PARTITION ${quoteName(op.name)}`;
    return op.concurrently
      ? [step(`${sql} CONCURRENTLY`, op, { transaction: "forbidden" })]
      : [step(sql, op)];
  },
  "set-inheritance": (op, { before }) => {
    const old = before.tables.get(nameKey(op.name))?.inherits ?? [];
    const head = `ALTER TABLE ${quoteName(op.name)}`;
    // The order of the parents counts: from the first that differs on, all are taken away and given again.
    const differs = old.findIndex((parent, place) => {
      const now = op.inherits[place];
      return now === undefined || !sameName(now, parent);
    });
    const kept = differs < 0 ? old.length : differs;
    return [
      ...old.slice(kept).map((parent) => step(`${head} NO INHERIT ${quoteName(parent)}`, op)),
      ...op.inherits.slice(kept).map((parent) => step(`${head} INHERIT ${quoteName(parent)}`, op)),
    ];
  },
  "attach-index": (op) => [
    step(
      `ALTER INDEX ${quoteName(op.to)} ATTACH PARTITION ${quoteName({ namespace: op.table.namespace, name: op.index })}`,
      op,
    ),
  ],
};
