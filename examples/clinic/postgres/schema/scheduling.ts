import { sql } from "drizzle-orm";
import {
  bigint,
  check,
  date,
  doublePrecision,
  index,
  interval,
  numeric,
  pgTable,
  primaryKey,
  smallint,
  text,
  timestamp,
  unique,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import { id, timestamps } from "./columns.js";
import { absenceKind, assignmentStatus, requestStatus, shiftKind } from "./enums.js";
import { persons, sites } from "./people.js";
import { academicBlocks, rotationTemplates } from "./programs.js";

/** Who does which rotation in which block. */
export const assignments = pgTable(
  "assignments",
  {
    id: id(),
    personId: bigint("person_id", { mode: "number" })
      .notNull()
      .references(() => persons.id, { onDelete: "cascade" }),
    rotationTemplateId: bigint("rotation_template_id", { mode: "number" })
      .notNull()
      .references(() => rotationTemplates.id, { onDelete: "restrict" }),
    academicBlockId: bigint("academic_block_id", { mode: "number" })
      .notNull()
      .references(() => academicBlocks.id, { onDelete: "restrict" }),
    status: assignmentStatus("status").notNull().default("draft"),
    publishedAt: timestamp("published_at", { withTimezone: true }),
    notes: text("notes"),
    ...timestamps(),
  },
  (table) => [
    uniqueIndex("assignments_one_per_block_key")
      .on(table.personId, table.academicBlockId)
      .where(sql`${table.status} <> 'cancelled'`),
    index("assignments_rotation_template_id_idx").on(table.rotationTemplateId),
    index("assignments_academic_block_id_idx").on(table.academicBlockId, table.status),
    check(
      "assignments_published_has_date",
      sql`${table.status} = 'draft' or ${table.status} = 'cancelled' or ${table.publishedAt} is not null`,
    ),
  ],
);

export const absences = pgTable(
  "absences",
  {
    id: id(),
    personId: bigint("person_id", { mode: "number" })
      .notNull()
      .references(() => persons.id, { onDelete: "cascade" }),
    kind: absenceKind("kind").notNull(),
    status: requestStatus("status").notNull().default("pending"),
    startsOn: date("starts_on").notNull(),
    endsOn: date("ends_on").notNull(),
    lengthDays: smallint("length_days").generatedAlwaysAs(sql`(ends_on - starts_on + 1)::smallint`),
    reason: text("reason"),
    decidedById: bigint("decided_by_id", { mode: "number" }).references(() => persons.id, {
      onDelete: "set null",
    }),
    decidedAt: timestamp("decided_at", { withTimezone: true }),
    ...timestamps(),
  },
  (table) => [
    unique("absences_person_id_starts_on_key").on(table.personId, table.startsOn),
    index("absences_approved_idx").on(table.startsOn, table.endsOn).where(sql`${table.status} = 'approved'`),
    index("absences_decided_by_id_idx").on(table.decidedById),
    check("absences_in_order", sql`${table.startsOn} <= ${table.endsOn}`),
    check("absences_not_endless", sql`${table.endsOn} - ${table.startsOn} < 366`),
    check("absences_decision_complete", sql`(${table.decidedById} is null) = (${table.decidedAt} is null)`),
  ],
);

/** How many days of each kind a person may be absent in a year. */
export const leaveBalances = pgTable(
  "leave_balances",
  {
    personId: bigint("person_id", { mode: "number" })
      .notNull()
      .references(() => persons.id, { onDelete: "cascade" }),
    year: smallint("year").notNull(),
    kind: absenceKind("kind").notNull(),
    grantedDays: numeric("granted_days", { precision: 5, scale: 1, mode: "number" }).notNull().default(0),
    usedDays: numeric("used_days", { precision: 5, scale: 1, mode: "number" }).notNull().default(0),
    remainingDays: numeric("remaining_days", { precision: 5, scale: 1 }).generatedAlwaysAs(
      sql`granted_days - used_days`,
    ),
  },
  (table) => [
    primaryKey({ columns: [table.personId, table.year, table.kind] }),
    check("leave_balances_used_within_granted", sql`${table.usedDays} <= ${table.grantedDays}`),
  ],
);

export const onCallShifts = pgTable(
  "on_call_shifts",
  {
    id: id(),
    siteId: bigint("site_id", { mode: "number" })
      .notNull()
      .references(() => sites.id, { onDelete: "restrict" }),
    /** Nobody yet: the shift is open. */
    personId: bigint("person_id", { mode: "number" }).references(() => persons.id, { onDelete: "set null" }),
    kind: shiftKind("kind").notNull().default("night"),
    startsAt: timestamp("starts_at", { withTimezone: true }).notNull(),
    endsAt: timestamp("ends_at", { withTimezone: true }).notNull(),
    lengthHours: doublePrecision("length_hours").generatedAlwaysAs(
      sql`extract(epoch from ends_at - starts_at) / 3600`,
    ),
    handoverTime: interval("handover_time").notNull().default("30 minutes"),
    ...timestamps(),
  },
  (table) => [
    index("on_call_shifts_starts_at_idx").on(table.startsAt.desc().nullsFirst()),
    index("on_call_shifts_person_id_idx").on(table.personId, table.startsAt),
    index("on_call_shifts_open_idx").on(table.siteId, table.startsAt).where(sql`${table.personId} is null`),
    check("on_call_shifts_in_order", sql`${table.startsAt} < ${table.endsAt}`),
    check("on_call_shifts_at_most_28_hours", sql`${table.endsAt} - ${table.startsAt} <= interval '28 hours'`),
  ],
);

export const swapRequests = pgTable(
  "swap_requests",
  {
    id: id(),
    shiftId: bigint("shift_id", { mode: "number" })
      .notNull()
      .references(() => onCallShifts.id, { onDelete: "cascade" }),
    requestedById: bigint("requested_by_id", { mode: "number" })
      .notNull()
      .references(() => persons.id, { onDelete: "cascade" }),
    offeredToId: bigint("offered_to_id", { mode: "number" }).references(() => persons.id, {
      onDelete: "cascade",
    }),
    status: requestStatus("status").notNull().default("pending"),
    message: text("message"),
    ...timestamps(),
  },
  (table) => [
    uniqueIndex("swap_requests_one_pending_key").on(table.shiftId).where(sql`${table.status} = 'pending'`),
    index("swap_requests_requested_by_id_idx").on(table.requestedById),
    index("swap_requests_offered_to_id_idx").on(table.offeredToId),
    check("swap_requests_not_with_oneself", sql`${table.offeredToId} <> ${table.requestedById}`),
  ],
);

/** Hours as worked, for the limits on a week. */
export const dutyHours = pgTable(
  "duty_hours",
  {
    id: id(),
    personId: bigint("person_id", { mode: "number" })
      .notNull()
      .references(() => persons.id, { onDelete: "cascade" }),
    assignmentId: bigint("assignment_id", { mode: "number" }).references(() => assignments.id, {
      onDelete: "set null",
    }),
    workedOn: date("worked_on").notNull(),
    hours: numeric("hours", { precision: 4, scale: 2 }).notNull(),
    isOnCall: smallint("is_on_call").notNull().default(0),
    comment: text("comment"),
    ...timestamps(),
  },
  (table) => [
    index("duty_hours_person_id_worked_on_idx").on(table.personId, table.workedOn.desc()),
    index("duty_hours_assignment_id_idx").on(table.assignmentId),
    index("duty_hours_worked_on_idx").using("brin", table.workedOn).with({ pages_per_range: 32 }),
    check("duty_hours_range", sql`${table.hours} > 0 and ${table.hours} <= 28`),
  ],
);
