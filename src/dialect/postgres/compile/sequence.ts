import { findSequence } from "../../../op/serial.js";
import type { Sequence } from "../../../schema/schema.js";
import { step } from "../../step.js";
import { quoteIdentifier, quoteName } from "../quote.js";
import { formatType } from "../types.js";
import { allSequenceClauses, isRising, requireVersion, sequenceClauses } from "./clause.js";
import { commentStatement } from "./comment.js";
import type { Group } from "./contract.js";
import { moveSequence, positionOf } from "./sequence-position.js";

export const compileSequence: Group<
  "create-sequence" | "drop-sequence" | "rename-sequence" | "alter-sequence"
> = {
  "create-sequence": (op, { serverVersion }) => {
    const { sequence } = op;
    if (sequence.unlogged) {
      requireVersion(
        serverVersion,
        15,
        "An unlogged sequence",
        sequence,
        "Make it logged, or upgrade the server.",
      );
    }
    const name = quoteName(sequence);
    const parts = [
      `CREATE ${sequence.unlogged ? "UNLOGGED " : ""}SEQUENCE ${op.ifNotExists ? "IF NOT EXISTS " : ""}${name}`,
    ];
    if (sequence.type.name !== "bigint") parts.push(`AS ${formatType(sequence.type)}`);
    parts.push(...sequenceClauses(sequence.options));
    if (sequence.ownedBy !== null) parts.push(ownerClause(sequence));
    const steps = [step(parts.join(" "), op)];
    if (sequence.comment !== null) {
      steps.push(step(commentStatement(`SEQUENCE ${name}`, sequence.comment), op));
    }
    return steps;
  },
  "drop-sequence": (op) => [
    step(`DROP SEQUENCE ${op.ifExists ? "IF EXISTS " : ""}${quoteName(op.name)}`, op),
  ],
  "rename-sequence": (op) => [
    step(
      `ALTER SEQUENCE ${op.ifExists ? "IF EXISTS " : ""}${quoteName(op.name)} RENAME TO ${quoteIdentifier(op.to)}`,
      op,
    ),
  ],
  "alter-sequence": (op, { before }) => {
    const { sequence } = op;
    const old = findSequence(before, sequence);
    const was = old?.unlogged === true;
    const turns = old !== undefined && isRising(old.options) !== isRising(sequence.options);
    const is = sequence.unlogged === true;
    const persistence = `ALTER SEQUENCE ${quoteName(sequence)} SET ${is ? "UNLOGGED" : "LOGGED"}`;
    const position = positionOf(old, sequence);
    const parts = [
      `ALTER SEQUENCE ${quoteName(sequence)} AS ${formatType(sequence.type)}`,
      ...allSequenceClauses(sequence.options, turns),
      ...(position.kind === "restarts" ? ["RESTART"] : []),
      ownerClause(sequence),
    ];
    const statements = [
      ...moveSequence(sequence, position),
      parts.join(" "),
      ...(was === is ? [] : [persistence]),
    ];
    return statements.map((one) => step(one, op));
  },
};

function ownerClause({ ownedBy }: Sequence): string {
  return ownedBy === null
    ? "OWNED BY NONE"
    : `OWNED BY ${quoteName(ownedBy.table)}.${quoteIdentifier(ownedBy.column)}`;
}
