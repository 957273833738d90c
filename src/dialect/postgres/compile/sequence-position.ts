import type { ColumnType, Sequence, SequenceOptions } from "../../../schema/schema.js";
import { quoteName, quoteString } from "../quote.js";
import { integerRange } from "../types.js";
import { isRising, startOf } from "./clause.js";

interface Limits {
  readonly minimum: bigint;
  readonly maximum: bigint;
}

/** A sequence, or the one behind an identity column. */
interface Numbering {
  readonly type: ColumnType;
  readonly options: SequenceOptions;
}

/** The limits that a sequence has, said or not (manual, CREATE SEQUENCE, NO MINVALUE and NO MAXVALUE). */
function limitsOf({ type, options }: Numbering): Limits | null {
  const range = integerRange(type);
  if (range === null) return null;
  const rising = isRising(options);
  return {
    minimum: BigInt(options.minimum ?? (rising ? "1" : range[0])),
    maximum: BigInt(options.maximum ?? (rising ? range[1] : "-1")),
  };
}

/** What has to become of the position of a sequence that gets other limits: the engine refuses one outside of them. */
export type Position =
  | { readonly kind: "stays" }
  /** No old position is within the new limits. */
  | { readonly kind: "restarts" }
  | { readonly kind: "moves"; readonly widest: Limits; readonly moves: readonly Move[] };

/** Where the condition holds the sequence is set to the value; `called` when that counts as given out. */
interface Move {
  readonly where: string;
  readonly value: bigint;
  readonly called: boolean;
}

export function positionOf(from: Numbering | undefined, to: Numbering): Position {
  const old = from === undefined ? null : limitsOf(from);
  const now = limitsOf(to);
  if (old === null || now === null) return { kind: "stays" };
  if (old.maximum < now.minimum || old.minimum > now.maximum) return { kind: "restarts" };
  const rising = isRising(to.options);
  const start = BigInt(startOf(to.options));
  // One that has not come to its limits begins; one that is past them has nothing more to give, or begins its next round.
  const below: Move = {
    where: `last_value < ${now.minimum}`,
    ...(rising ? { value: start, called: false } : { value: now.minimum, called: true }),
  };
  const above: Move = {
    where: `last_value > ${now.maximum}`,
    ...(rising ? { value: now.maximum, called: true } : { value: start, called: false }),
  };
  const [raised, lowered] = [old.minimum < now.minimum, old.maximum > now.maximum];
  if (!raised && !lowered) return { kind: "stays" };
  const widest = {
    minimum: raised ? old.minimum : now.minimum,
    maximum: lowered ? old.maximum : now.maximum,
  };
  return { kind: "moves", widest, moves: [...(raised ? [below] : []), ...(lowered ? [above] : [])] };
}

/** Limits wide enough for both, as the values that it is set to may be outside of the old ones. */
export const whyMoved =
  "-- Nobody draws from it until its position, where that is outside of the new limits, is moved into them.\n";

/** Before a sequence gets its new limits: it may be anywhere, and stays locked from here on. */
export function moveSequence(sequence: Sequence, position: Position): readonly string[] {
  if (position.kind !== "moves") return [];
  const name = quoteName(sequence);
  const { widest, moves } = position;
  return [
    `${whyMoved}ALTER SEQUENCE ${name} AS bigint MINVALUE ${widest.minimum} MAXVALUE ${widest.maximum}`,
    ...moves.map(
      ({ where, value, called }) =>
        `SELECT setval(${quoteString(name)}, ${value}, ${called}) FROM ${name} WHERE ${where}`,
    ),
  ];
}
