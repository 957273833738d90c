import type { Connection } from "../../dialect/connection.js";
import type { Dialect } from "../../dialect/dialect.js";
import type { Op } from "../../op/op.js";
import type { Plan } from "../plan.js";

/**
 * Names of the indexes that an earlier try of a revision has left invalid, and that the next one drops before it builds them anew:
 * what nobody has made by hand.
 */
export async function leftInvalid(
  dialect: Dialect,
  connection: Connection,
  { revisions }: Pick<Plan, "revisions">,
): Promise<ReadonlySet<string>> {
  const left = new Set<string>();
  for (const { sql, acts } of revisions.flatMap(({ statements }) => statements)) {
    const [act] = acts;
    if (act?.kind !== "create-index" || !act.concurrently || act.name === null) continue;
    const [statement] = await dialect.splitScript(sql);
    const find = statement?.repeat?.leftover?.find;
    if (find !== undefined && (await connection.query(find)).length > 0) left.add(act.name);
  }
  return left;
}

/** The op makes one of these indexes. */
export function makesOneOf(names: ReadonlySet<string>, op: Op): boolean {
  return op.kind === "create-index" && names.has(op.index.name);
}
