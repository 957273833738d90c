import { nameKey, nameOf, type ObjectName, showName } from "../schema/name.js";
import type { Schema, Sequence } from "../schema/schema.js";
import { type IsTaken, mentionsSequence, renameSequence } from "./expression/sequence.js";
import { columnOf, existing, impossible, listed, requireFreeRelation, tableOf } from "./lookup.js";
import type { OpDefinitions } from "./op.js";
import { changeTables, rewriteExpressions } from "./rewrite.js";
import { sequenceApart, sequenceNamed } from "./serial.js";

function sequenceOf(schema: Schema, name: ObjectName): Sequence {
  return existing(schema.sequences, name, "sequence");
}

function requireOwner(schema: Schema, sequence: Sequence): void {
  const { ownedBy } = sequence;
  if (ownedBy !== null) columnOf(tableOf(schema, ownedBy.table), ownedBy.column);
}

/** Columns whose default draws from the sequence, written `table.column`. */
function drawers(schema: Schema, sequence: ObjectName): readonly string[] {
  const isTaken: IsTaken = (name) => schema.sequences.has(nameKey(name));
  return [...schema.tables.values()].flatMap((table) =>
    table.columns
      .filter((column) => column.default !== null && mentionsSequence(column.default, sequence, isTaken))
      .map((column) => `${showName(table)}.${column.name}`),
  );
}

export const sequenceDefinitions = {
  "create-sequence": {
    effect: () => "additive",
    apply(draft, { sequence, ifNotExists }) {
      if (ifNotExists && draft.sequences.has(nameKey(sequence))) return;
      requireFreeRelation(draft, sequence);
      requireOwner(draft, sequence);
      draft.sequences.set(nameKey(sequence), sequence);
    },
    invert: (before, { sequence }) => ({
      ops: before.sequences.has(nameKey(sequence)) ? [] : [{ kind: "drop-sequence", name: nameOf(sequence) }],
    }),
    describe: ({ sequence }) => `create sequence ${showName(sequence)}`,
  },

  "drop-sequence": {
    effect: () => "destructive",
    apply(draft, { name, ifExists }) {
      if (ifExists && !draft.sequences.has(nameKey(name))) return;
      sequenceOf(draft, name);
      const users = drawers(draft, name);
      if (users.length > 0) {
        throw impossible(
          `Sequence ${showName(name)} is used by the default of ${listed(users)}`,
          showName(name),
          "Change these defaults in an earlier op.",
        );
      }
      draft.sequences.delete(nameKey(name));
    },
    invert(before, { name }) {
      const sequence = before.sequences.get(nameKey(name));
      if (sequence === undefined) return { ops: [] };
      return { ops: [{ kind: "create-sequence", sequence }], loses: `the position of ${showName(name)}` };
    },
    describe: ({ name }) => `drop sequence ${showName(name)}`,
  },

  "rename-sequence": {
    effect: () => "narrowing",
    apply(draft, { name, to, ifExists }) {
      if (ifExists && !draft.sequences.has(nameKey(name))) return;
      const old = sequenceOf(draft, name);
      const renamed = { ...old, name: to };
      requireFreeRelation(draft, renamed);
      draft.sequences.delete(nameKey(old));
      draft.sequences.set(nameKey(renamed), renamed);
      const isTaken: IsTaken = (other) => draft.sequences.has(nameKey(other));
      changeTables(draft, (table) =>
        rewriteExpressions(table, (expression) => renameSequence(expression, old, to, isTaken)),
      );
    },
    invert: (before, { name, to, ifExists }) => ({
      ops:
        ifExists && !before.sequences.has(nameKey(name))
          ? []
          : [{ kind: "rename-sequence", name: { namespace: name.namespace, name: to }, to: name.name }],
    }),
    describe: ({ name, to }) => `rename sequence ${showName(name)} to ${to}`,
  },

  "alter-sequence": {
    effect: () => "additive",
    apply(draft, { sequence }) {
      const { comment } = sequenceApart(draft, sequence);
      requireOwner(draft, sequence);
      draft.sequences.set(nameKey(sequence), { ...sequence, comment });
    },
    invert: (before, { sequence }) => ({
      // The comment stays in either direction.
      ops: [{ kind: "alter-sequence", sequence: { ...sequenceNamed(before, sequence), comment: null } }],
    }),
    describe: ({ sequence }) => `alter sequence ${showName(sequence)}`,
  },
} satisfies Pick<OpDefinitions, "create-sequence" | "drop-sequence" | "rename-sequence" | "alter-sequence">;
