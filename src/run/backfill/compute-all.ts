import type { Op } from "../../op/op.js";
import type { RunContext } from "../run-context.js";

/** Rows that the function is given at a time: as many as memory holds of any width. */
const rowsAtOnce = 1000;

/** Makes the values of all rows in the transaction that is open, where nobody works beside it, or everything is to be one. */
export async function computeAll({ connection, dialect }: RunContext, op: Op<"backfill">): Promise<void> {
  const { backfilling } = dialect;
  const walk = await backfilling.walk(connection, op.table);
  const rows = op.batchSize ?? rowsAtOnce;
  let place = null;
  for (let next = await walk.next(null, rows); next !== null; next = await walk.next(place, rows)) {
    await backfilling.change(connection, op, walk.range(place, next), { asksAgain: false });
    place = next;
  }
}
