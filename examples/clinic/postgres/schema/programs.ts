import { sql } from "drizzle-orm";
import {
  bigint,
  check,
  date,
  index,
  integer,
  pgTable,
  primaryKey,
  smallint,
  text,
  unique,
  uniqueIndex,
  varchar,
} from "drizzle-orm/pg-core";
import { id, timestamps } from "./columns.js";
import { departments, persons, sites } from "./people.js";

export const programs = pgTable(
  "programs",
  {
    id: id(),
    departmentId: bigint("department_id", { mode: "number" })
      .notNull()
      .references(() => departments.id, { onDelete: "restrict" }),
    directorId: bigint("director_id", { mode: "number" }).references(() => persons.id, {
      onDelete: "set null",
    }),
    name: text("name").notNull(),
    specialty: text("specialty").notNull(),
    accreditationNumber: varchar("accreditation_number", { length: 20 }).unique(
      "programs_accreditation_number_key",
      {
        nulls: "distinct",
      },
    ),
    lengthMonths: smallint("length_months").notNull().default(36),
    maxWeeklyHours: smallint("max_weekly_hours").notNull().default(80),
    ...timestamps(),
  },
  (table) => [
    unique("programs_department_id_name_key").on(table.departmentId, table.name),
    index("programs_director_id_idx").on(table.directorId),
    check("programs_length_months_positive", sql`${table.lengthMonths} > 0`),
    check("programs_max_weekly_hours_range", sql`${table.maxWeeklyHours} between 1 and 168`),
  ],
);

export const academicYears = pgTable(
  "academic_years",
  {
    id: id(),
    label: varchar("label", { length: 9 }).notNull().unique(),
    startsOn: date("starts_on").notNull(),
    endsOn: date("ends_on").notNull(),
    lengthDays: integer("length_days").generatedAlwaysAs(sql`ends_on - starts_on + 1`),
  },
  (table) => [check("academic_years_in_order", sql`${table.startsOn} < ${table.endsOn}`)],
);

/** The slices of an academic year that assignments are made for; usually thirteen of four weeks. */
export const academicBlocks = pgTable(
  "academic_blocks",
  {
    id: id(),
    academicYearId: bigint("academic_year_id", { mode: "number" })
      .notNull()
      .references(() => academicYears.id, { onDelete: "cascade" }),
    number: smallint("number").notNull(),
    startsOn: date("starts_on").notNull(),
    endsOn: date("ends_on").notNull(),
  },
  (table) => [
    unique("academic_blocks_academic_year_id_number_key").on(table.academicYearId, table.number),
    check("academic_blocks_in_order", sql`${table.startsOn} < ${table.endsOn}`),
    check("academic_blocks_number_range", sql`${table.number} between 1 and 26`),
  ],
);

/** What a resident does for a block: "Emergency medicine, night float". */
export const rotationTemplates = pgTable(
  "rotation_templates",
  {
    id: id(),
    programId: bigint("program_id", { mode: "number" })
      .notNull()
      .references(() => programs.id, { onDelete: "cascade" }),
    siteId: bigint("site_id", { mode: "number" })
      .notNull()
      .references(() => sites.id, { onDelete: "restrict" }),
    name: text("name").notNull(),
    color: varchar("color", { length: 7 }).notNull().default("#336699"),
    minResidents: smallint("min_residents").notNull().default(0),
    maxResidents: smallint("max_residents"),
    requirements: text("requirements").array().notNull().default([]),
    archivedOn: date("archived_on"),
    ...timestamps(),
  },
  (table) => [
    uniqueIndex("rotation_templates_live_name_key")
      .on(table.programId, sql`lower(${table.name})`)
      .where(sql`${table.archivedOn} is null`),
    index("rotation_templates_site_id_idx").on(table.siteId),
    check("rotation_templates_residents_range", sql`${table.minResidents} <= ${table.maxResidents}`),
    check("rotation_templates_color_hex", sql`${table.color} ~ '^#[0-9a-f]{6}$'`),
  ],
);

export const programEnrollments = pgTable(
  "program_enrollments",
  {
    programId: bigint("program_id", { mode: "number" })
      .notNull()
      .references(() => programs.id, { onDelete: "cascade" }),
    personId: bigint("person_id", { mode: "number" })
      .notNull()
      .references(() => persons.id, { onDelete: "cascade" }),
    startedOn: date("started_on").notNull(),
    graduatedOn: date("graduated_on"),
    mentorId: bigint("mentor_id", { mode: "number" }).references(() => persons.id, { onDelete: "set null" }),
  },
  (table) => [
    primaryKey({ name: "program_enrollments_pkey", columns: [table.programId, table.personId] }),
    index("program_enrollments_person_id_idx").on(table.personId),
    index("program_enrollments_mentor_id_idx").on(table.mentorId),
    check("program_enrollments_own_mentor", sql`${table.mentorId} <> ${table.personId}`),
  ],
);
