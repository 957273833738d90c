import type { Op } from "../../../op/op.js";
import { nameKey, nameOf, type ObjectName } from "../../../schema/name.js";
import type { Table, View } from "../../../schema/schema.js";
import type { Expansion, ExpansionContext, LongChange } from "../../expansion.js";
import { literal, quoteIdentifier as quote, quoteName } from "../quote.js";

/** From here on a view can be read with the rights of whoever reads it. */
const firstWithInvoker = 15;

/**
 * The table gets its new name at once, and a view the old one. The server writes through such a view as through the table
 * (manual, CREATE VIEW, "Updatable Views"): INSERT with the table's defaults, UPDATE, DELETE, ON CONFLICT over columns, RETURNING.
 *
 * @returns a sentence where that cannot be done
 */
export function expandTableRename(
  { table: name, to }: LongChange<"rename-table">,
  { before, oldestServer }: ExpansionContext,
): Expansion | string {
  const table = before.tables.get(nameKey(name));
  if (table === undefined) return "its table is not known";
  const isGuarded = table.rowSecurity !== "off";
  if (isGuarded && oldestServer < firstWithInvoker)
    return `row security is on, and before PostgreSQL ${firstWithInvoker} a view does not ask for the rows of whoever reads it: rename it while the application stands still, or keep the name`;
  const [old, fresh] = [nameOf(table), { namespace: table.namespace, name: to }];
  const stand: Op = { kind: "create-view", view: standIn(table, to, isGuarded) };
  const made: readonly Op[] = [stand, sameRights(fresh, old)];
  const drop: Op = { kind: "drop-view", name: old, materialized: false };
  return {
    expand: {
      upgrade: [{ kind: "rename-table", name: old, to }, ...made],
      downgrade: [drop, { kind: "rename-table", name: fresh, to: table.name }],
      temporary: new Map([[stand, `old code names it; it is ${to} now`]]),
    },
    backfill: null,
    contract: { upgrade: [drop], downgrade: made },
  };
}

function standIn(table: Table, to: string, isGuarded: boolean): View {
  const columns = table.columns.map(({ name }) => quote(name)).join(", ");
  return {
    ...nameOf(table),
    materialized: false,
    definition: `SELECT ${columns} FROM ${quoteName({ namespace: table.namespace, name: to })}`,
    parameters: isGuarded ? { security_invoker: "true" } : {},
    withData: true,
    method: null,
    tablespace: null,
    indexes: [],
    comment: null,
  };
}

/** A view has none of the rights that roles have on its table, and without them the code that runs is refused. */
function sameRights(table: ObjectName, view: ObjectName): Op {
  return {
    kind: "execute",
    sql: `DO $rights$
DECLARE
  one record;
BEGIN
  FOR one IN
    SELECT privilege_type AS may, '' AS columns, grantee, is_grantable
      FROM pg_class, aclexplode(relacl) WHERE oid = ${literal(quoteName(table))}::regclass AND grantee <> relowner
    UNION ALL
    SELECT privilege_type, format(' (%I)', attname), grantee, is_grantable
      FROM pg_attribute, aclexplode(attacl) WHERE attrelid = ${literal(quoteName(table))}::regclass
  LOOP
    CONTINUE WHEN one.may NOT IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE');
    EXECUTE format('GRANT %s%s ON %s TO %s%s', one.may, one.columns, ${literal(quoteName(view))},
      CASE one.grantee WHEN 0 THEN 'PUBLIC' ELSE one.grantee::regrole::text END,
      CASE WHEN one.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END);
  END LOOP;
END
$rights$`,
  };
}
