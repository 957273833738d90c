import { bigint, index, jsonb, pgSchema, text, timestamp } from "drizzle-orm/pg-core";
import { persons } from "./people.js";

/** Kept apart, so that the application's role can be given the right to insert and no other. */
export const audit = pgSchema("audit");

export const changeKind = audit.enum("change_kind", ["insert", "update", "delete"]);

export const auditEntries = audit.table(
  "entries",
  {
    id: bigint("id", { mode: "bigint" })
      .primaryKey()
      .generatedByDefaultAsIdentity({ startWith: 1, cache: 50 }),
    happenedAt: timestamp("happened_at", { withTimezone: true, precision: 3 }).notNull().defaultNow(),
    actorId: bigint("actor_id", { mode: "number" }).references(() => persons.id, { onDelete: "set null" }),
    kind: changeKind("kind").notNull(),
    tableName: text("table_name").notNull(),
    rowKey: text("row_key").notNull(),
    before: jsonb("before"),
    after: jsonb("after"),
  },
  (table) => [
    index("entries_table_name_row_key_idx").on(table.tableName, table.rowKey),
    index("entries_actor_id_idx").on(table.actorId),
    index("entries_happened_at_idx").using("brin", table.happenedAt),
  ],
);
