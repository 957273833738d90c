import { leaveParent } from "../../op/create-table.js";
import { copySchema, emptySchema } from "../../schema/build.js";
import { sameData, sameIndex } from "../../schema/equal.js";
import { isKey } from "../../schema/key.js";
import { nameKey, nameOf, showName } from "../../schema/name.js";
import type { Table } from "../../schema/schema.js";
import { diffConstraints } from "../constraint.js";
import { diffIndexes } from "../index.js";
import type { Work } from "../work.js";

/** A table that stays, and becomes a partition or inherits from more tables. */
export function joinFamily(work: Work, from: Table | undefined, to: Table): void {
  if (from === undefined) return;
  const taken = () => true;
  const isAttached = to.partition !== undefined && from.partition === undefined;
  if (isAttached && to.partition !== undefined) {
    const alone = aloneOf(from, to);
    diffConstraints(work, from, alone, taken);
    diffIndexes(work, from, alone, taken);
    work.phases.attach.push({ kind: "attach-partition", name: nameOf(to), partition: to.partition });
    work.warnings.push(
      `Table ${showName(to)} is attached to ${showName(to.partition.of)}: this fails when it has rows that do not fit ${to.partition.bounds}.`,
    );
  }
  if (to.inherits !== undefined && !sameData(from.inherits, to.inherits)) {
    diffConstraints(work, from, aloneOf(from, to), taken);
    work.phases.attach.push({ kind: "set-inheritance", name: nameOf(to), inherits: to.inherits });
  }
}

/** What a table has to be before it is attached: with all that the engine asks for, and without what it will make. */
function aloneOf(from: Table, to: Table): Table {
  const draft = { ...copySchema(emptySchema("postgres")), tables: new Map([[nameKey(to), to]]) };
  leaveParent(draft, to);
  const own = draft.tables.get(nameKey(to)) ?? to;
  const had = new Set([...from.constraints, ...from.indexes].map((one) => one.name));
  const given = new Set(
    to.constraints
      .filter((one) => one.inherited && (one.kind === "foreign-key" || (isKey(one) && !had.has(one.name))))
      .map((one) => one.name),
  );
  const attached = to.indexes.filter((one) => {
    const old = from.indexes.find(({ name }) => name === one.name);
    const { attachedTo, ...index } = one;
    return attachedTo !== undefined && (old === undefined || !sameIndex(old, index));
  });
  const gone = new Set(attached.map(({ name }) => name));
  return {
    ...own,
    constraints: own.constraints.filter((one) => !given.has(one.name)),
    indexes: own.indexes.filter(({ name }) => !gone.has(name)),
  };
}
