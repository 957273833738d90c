import { sql } from "drizzle-orm";
import {
  check,
  index,
  integer,
  primaryKey,
  real,
  sqliteTable,
  text,
  unique,
  uniqueIndex,
} from "drizzle-orm/sqlite-core";
import { absenceKinds, assignmentStatuses, oneOf, requestStatuses, shiftKinds } from "./choices.js";
import { id, moment, timestamps } from "./columns.js";
import { persons, sites } from "./people.js";
import { academicBlocks, rotationTemplates } from "./programs.js";

/** Who does which rotation in which block. */
export const assignments = sqliteTable(
  "assignments",
  {
    id: id(),
    personId: integer("person_id")
      .notNull()
      .references(() => persons.id, { onDelete: "cascade" }),
    rotationTemplateId: integer("rotation_template_id")
      .notNull()
      .references(() => rotationTemplates.id, { onDelete: "restrict" }),
    academicBlockId: integer("academic_block_id")
      .notNull()
      .references(() => academicBlocks.id, { onDelete: "restrict" }),
    status: text("status", { enum: assignmentStatuses }).notNull().default("draft"),
    publishedAt: moment("published_at"),
    notes: text("notes"),
    ...timestamps(),
  },
  (table) => [
    uniqueIndex("assignments_one_per_block_key")
      .on(table.personId, table.academicBlockId)
      .where(sql`${table.status} <> 'cancelled'`),
    index("assignments_rotation_template_id_idx").on(table.rotationTemplateId),
    index("assignments_academic_block_id_idx").on(table.academicBlockId, table.status),
    check("assignments_status_known", oneOf(table.status, assignmentStatuses)),
    check(
      "assignments_published_has_date",
      sql`${table.status} = 'draft' or ${table.status} = 'cancelled' or ${table.publishedAt} is not null`,
    ),
  ],
);

export const absences = sqliteTable(
  "absences",
  {
    id: id(),
    personId: integer("person_id")
      .notNull()
      .references(() => persons.id, { onDelete: "cascade" }),
    kind: text("kind", { enum: absenceKinds }).notNull(),
    status: text("status", { enum: requestStatuses }).notNull().default("pending"),
    startsOn: text("starts_on").notNull(),
    endsOn: text("ends_on").notNull(),
    lengthDays: integer("length_days").generatedAlwaysAs(
      sql`cast(julianday(ends_on) - julianday(starts_on) as integer) + 1`,
    ),
    reason: text("reason"),
    decidedById: integer("decided_by_id").references(() => persons.id, { onDelete: "set null" }),
    decidedAt: moment("decided_at"),
    ...timestamps(),
  },
  (table) => [
    unique("absences_person_id_starts_on_key").on(table.personId, table.startsOn),
    index("absences_approved_idx").on(table.startsOn, table.endsOn).where(sql`${table.status} = 'approved'`),
    index("absences_decided_by_id_idx").on(table.decidedById),
    check("absences_kind_known", oneOf(table.kind, absenceKinds)),
    check("absences_status_known", oneOf(table.status, requestStatuses)),
    check("absences_in_order", sql`${table.startsOn} <= ${table.endsOn}`),
    check("absences_not_endless", sql`julianday(${table.endsOn}) - julianday(${table.startsOn}) < 366`),
    check("absences_decision_complete", sql`(${table.decidedById} is null) = (${table.decidedAt} is null)`),
  ],
);

/** How many days of each kind a person may be absent in a year. */
export const leaveBalances = sqliteTable(
  "leave_balances",
  {
    personId: integer("person_id")
      .notNull()
      .references(() => persons.id, { onDelete: "cascade" }),
    year: integer("year").notNull(),
    kind: text("kind", { enum: absenceKinds }).notNull(),
    grantedDays: real("granted_days").notNull().default(0),
    usedDays: real("used_days").notNull().default(0),
    remainingDays: real("remaining_days").generatedAlwaysAs(sql`granted_days - used_days`),
  },
  (table) => [
    primaryKey({ columns: [table.personId, table.year, table.kind] }),
    check("leave_balances_kind_known", oneOf(table.kind, absenceKinds)),
    check("leave_balances_used_within_granted", sql`${table.usedDays} <= ${table.grantedDays}`),
  ],
);

export const onCallShifts = sqliteTable(
  "on_call_shifts",
  {
    id: id(),
    siteId: integer("site_id")
      .notNull()
      .references(() => sites.id, { onDelete: "restrict" }),
    /** Nobody yet: the shift is open. */
    personId: integer("person_id").references(() => persons.id, { onDelete: "set null" }),
    kind: text("kind", { enum: shiftKinds }).notNull().default("night"),
    startsAt: moment("starts_at").notNull(),
    endsAt: moment("ends_at").notNull(),
    lengthHours: real("length_hours").generatedAlwaysAs(sql`(ends_at - starts_at) / 3600.0`),
    handoverMinutes: integer("handover_minutes").notNull().default(30),
    ...timestamps(),
  },
  (table) => [
    index("on_call_shifts_starts_at_idx").on(sql`${table.startsAt} desc`),
    index("on_call_shifts_person_id_idx").on(table.personId, table.startsAt),
    index("on_call_shifts_open_idx").on(table.siteId, table.startsAt).where(sql`${table.personId} is null`),
    check("on_call_shifts_kind_known", oneOf(table.kind, shiftKinds)),
    check("on_call_shifts_in_order", sql`${table.startsAt} < ${table.endsAt}`),
    check("on_call_shifts_at_most_28_hours", sql`${table.endsAt} - ${table.startsAt} <= 28 * 3600`),
  ],
);

export const swapRequests = sqliteTable(
  "swap_requests",
  {
    id: id(),
    shiftId: integer("shift_id")
      .notNull()
      .references(() => onCallShifts.id, { onDelete: "cascade" }),
    requestedById: integer("requested_by_id")
      .notNull()
      .references(() => persons.id, { onDelete: "cascade" }),
    offeredToId: integer("offered_to_id").references(() => persons.id, { onDelete: "cascade" }),
    status: text("status", { enum: requestStatuses }).notNull().default("pending"),
    message: text("message"),
    ...timestamps(),
  },
  (table) => [
    uniqueIndex("swap_requests_one_pending_key").on(table.shiftId).where(sql`${table.status} = 'pending'`),
    index("swap_requests_requested_by_id_idx").on(table.requestedById),
    index("swap_requests_offered_to_id_idx").on(table.offeredToId),
    check("swap_requests_status_known", oneOf(table.status, requestStatuses)),
    check("swap_requests_not_with_oneself", sql`${table.offeredToId} <> ${table.requestedById}`),
  ],
);

/** Hours as worked, for the limits on a week. */
export const dutyHours = sqliteTable(
  "duty_hours",
  {
    id: id(),
    personId: integer("person_id")
      .notNull()
      .references(() => persons.id, { onDelete: "cascade" }),
    assignmentId: integer("assignment_id").references(() => assignments.id, { onDelete: "set null" }),
    workedOn: text("worked_on").notNull(),
    hours: real("hours").notNull(),
    isOnCall: integer("is_on_call", { mode: "boolean" }).notNull().default(false),
    comment: text("comment"),
    ...timestamps(),
  },
  (table) => [
    index("duty_hours_person_id_worked_on_idx").on(table.personId, sql`${table.workedOn} desc`),
    index("duty_hours_assignment_id_idx").on(table.assignmentId),
    check("duty_hours_range", sql`${table.hours} > 0 and ${table.hours} <= 28`),
  ],
);
