import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * What the clinic wants next, as edits to its models: a pager for everybody, a new kind of shift, notes on shifts, an
 * index, and absences that must have a reason.
 */
export const changes = {
  postgres: [
    {
      reason: "everybody gets a pager",
      file: "schema/people.ts",
      find: '    phone: varchar("phone", { length: 32 }),\n    role:',
      replace:
        '    phone: varchar("phone", { length: 32 }),\n    pager: varchar("pager", { length: 16 }),\n    role:',
    },
    {
      reason: "night shifts are covered by a night float",
      file: "schema/enums.ts",
      find: '"weekend", "home_call"]',
      replace: '"weekend", "night_float", "home_call"]',
    },
    {
      reason: "the roster is looked up by status",
      file: "schema/scheduling.ts",
      find: '    index("assignments_rotation_template_id_idx")',
      replace:
        '    index("assignments_status_idx").on(table.status, table.publishedAt),\n    index("assignments_rotation_template_id_idx")',
    },
    {
      reason: "an absence needs a reason",
      file: "schema/scheduling.ts",
      find: 'reason: text("reason"),',
      replace: 'reason: text("reason").notNull().default("not given"),',
    },
    {
      reason: "residents leave notes on their shifts",
      file: "schema/scheduling.ts",
      find: "export const swapRequests = ",
      replace: `export const shiftNotes = pgTable(
  "shift_notes",
  {
    id: id(),
    shiftId: bigint("shift_id", { mode: "number" })
      .notNull()
      .references(() => onCallShifts.id, { onDelete: "cascade" }),
    authorId: bigint("author_id", { mode: "number" }).references(() => persons.id, { onDelete: "set null" }),
    body: text("body").notNull(),
    ...timestamps(),
  },
  (table) => [
    index("shift_notes_shift_id_idx").on(table.shiftId),
    check("shift_notes_body_not_empty", sql\`\${table.body} <> ''\`),
  ],
);

export const swapRequests = `,
    },
  ],
  sqlite: [
    {
      reason: "everybody gets a pager",
      file: "schema/people.ts",
      find: '    phone: text("phone"),\n    role:',
      replace: '    phone: text("phone"),\n    pager: text("pager", { length: 16 }),\n    role:',
    },
    {
      reason: "night shifts are covered by a night float",
      file: "schema/choices.ts",
      find: '"weekend", "home_call"]',
      replace: '"weekend", "night_float", "home_call"]',
    },
    {
      reason: "the roster is looked up by status",
      file: "schema/scheduling.ts",
      find: '    index("assignments_rotation_template_id_idx")',
      replace:
        '    index("assignments_status_idx").on(table.status, table.publishedAt),\n    index("assignments_rotation_template_id_idx")',
    },
    {
      reason: "an absence needs a reason",
      file: "schema/scheduling.ts",
      find: 'reason: text("reason"),',
      replace: 'reason: text("reason").notNull().default("not given"),',
    },
    {
      reason: "residents leave notes on their shifts",
      file: "schema/scheduling.ts",
      find: "export const swapRequests = ",
      replace: `export const shiftNotes = sqliteTable(
  "shift_notes",
  {
    id: id(),
    shiftId: integer("shift_id")
      .notNull()
      .references(() => onCallShifts.id, { onDelete: "cascade" }),
    authorId: integer("author_id").references(() => persons.id, { onDelete: "set null" }),
    body: text("body").notNull(),
    ...timestamps(),
  },
  (table) => [
    index("shift_notes_shift_id_idx").on(table.shiftId),
    check("shift_notes_body_not_empty", sql\`\${table.body} <> ''\`),
  ],
);

export const swapRequests = `,
    },
  ],
};

/**
 * Makes the changes in a copy of the clinic, never in the clinic itself.
 *
 * @param {"postgres" | "sqlite"} engine
 * @param {string} folder a copy of `examples/clinic/<engine>`
 * @throws Error when the models no longer have the text that a change replaces
 */
export async function applyChanges(engine, folder) {
  for (const { file, find, replace } of changes[engine]) {
    const path = join(folder, file);
    const text = await readFile(path, "utf8");
    if (text.split(find).length !== 2) throw new Error(`${path} does not have this text once: ${find}`);
    await writeFile(
      path,
      text.replace(find, () => replace),
    );
  }
}
