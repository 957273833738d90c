import { type ColumnPlace, dollarQuote, ownSequence } from "./own-sequence.js";
import { type Position, whyMoved } from "./sequence-position.js";

/**
 * As `moveSequence`, for the sequence of an identity, before that gets its new limits: the server finds what it is called.
 *
 * @param head `ALTER TABLE "t" ALTER COLUMN "c"`
 */
export function moveIdentity(place: ColumnPlace, head: string, position: Position): readonly string[] {
  if (position.kind !== "moves") return [];
  const { widest, moves } = position;
  const lines = moves.map(
    ({ where, value, called }) =>
      `  EXECUTE format('SELECT setval(%L, ${value}, ${called}) FROM %s WHERE ${where}', own_sequence, own_sequence);`,
  );
  const declaration = `own_sequence text := ${ownSequence(place)};`;
  return [
    `${whyMoved}${head} SET MINVALUE ${widest.minimum} SET MAXVALUE ${widest.maximum}`,
    `DO ${dollarQuote(`\nDECLARE\n  ${declaration}\nBEGIN\n${lines.join("\n")}\nEND\n`)}`,
  ];
}
