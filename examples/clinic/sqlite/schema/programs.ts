import { sql } from "drizzle-orm";
import {
  check,
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
  unique,
  uniqueIndex,
} from "drizzle-orm/sqlite-core";
import { id, timestamps } from "./columns.js";
import { departments, persons, sites } from "./people.js";

export const programs = sqliteTable(
  "programs",
  {
    id: id(),
    departmentId: integer("department_id")
      .notNull()
      .references(() => departments.id, { onDelete: "restrict" }),
    directorId: integer("director_id").references(() => persons.id, { onDelete: "set null" }),
    name: text("name").notNull(),
    specialty: text("specialty").notNull(),
    accreditationNumber: text("accreditation_number", { length: 20 }).unique(
      "programs_accreditation_number_key",
    ),
    lengthMonths: integer("length_months").notNull().default(36),
    maxWeeklyHours: integer("max_weekly_hours").notNull().default(80),
    ...timestamps(),
  },
  (table) => [
    unique("programs_department_id_name_key").on(table.departmentId, table.name),
    index("programs_director_id_idx").on(table.directorId),
    check("programs_length_months_positive", sql`${table.lengthMonths} > 0`),
    check("programs_max_weekly_hours_range", sql`${table.maxWeeklyHours} between 1 and 168`),
  ],
);

export const academicYears = sqliteTable(
  "academic_years",
  {
    id: id(),
    label: text("label", { length: 9 }).notNull().unique(),
    startsOn: text("starts_on").notNull(),
    endsOn: text("ends_on").notNull(),
    lengthDays: integer("length_days").generatedAlwaysAs(
      sql`cast(julianday(ends_on) - julianday(starts_on) as integer) + 1`,
      { mode: "stored" },
    ),
  },
  (table) => [check("academic_years_in_order", sql`${table.startsOn} < ${table.endsOn}`)],
);

/** The slices of an academic year that assignments are made for; usually thirteen of four weeks. */
export const academicBlocks = sqliteTable(
  "academic_blocks",
  {
    id: id(),
    academicYearId: integer("academic_year_id")
      .notNull()
      .references(() => academicYears.id, { onDelete: "cascade" }),
    number: integer("number").notNull(),
    startsOn: text("starts_on").notNull(),
    endsOn: text("ends_on").notNull(),
  },
  (table) => [
    unique("academic_blocks_academic_year_id_number_key").on(table.academicYearId, table.number),
    check("academic_blocks_in_order", sql`${table.startsOn} < ${table.endsOn}`),
    check("academic_blocks_number_range", sql`${table.number} between 1 and 26`),
  ],
);

/** What a resident does for a block: "Emergency medicine, night float". */
export const rotationTemplates = sqliteTable(
  "rotation_templates",
  {
    id: id(),
    programId: integer("program_id")
      .notNull()
      .references(() => programs.id, { onDelete: "cascade" }),
    siteId: integer("site_id")
      .notNull()
      .references(() => sites.id, { onDelete: "restrict" }),
    name: text("name").notNull(),
    color: text("color", { length: 7 }).notNull().default("#336699"),
    minResidents: integer("min_residents").notNull().default(0),
    maxResidents: integer("max_residents"),
    requirements: text("requirements", { mode: "json" }).$type<string[]>().notNull().default([]),
    archivedOn: text("archived_on"),
    ...timestamps(),
  },
  (table) => [
    uniqueIndex("rotation_templates_live_name_key")
      .on(table.programId, sql`lower(${table.name})`)
      .where(sql`${table.archivedOn} is null`),
    index("rotation_templates_site_id_idx").on(table.siteId),
    check("rotation_templates_residents_range", sql`${table.minResidents} <= ${table.maxResidents}`),
    check(
      "rotation_templates_color_hex",
      sql`${table.color} glob '#[0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f]'`,
    ),
  ],
);

export const programEnrollments = sqliteTable(
  "program_enrollments",
  {
    programId: integer("program_id")
      .notNull()
      .references(() => programs.id, { onDelete: "cascade" }),
    personId: integer("person_id")
      .notNull()
      .references(() => persons.id, { onDelete: "cascade" }),
    startedOn: text("started_on").notNull(),
    graduatedOn: text("graduated_on"),
    mentorId: integer("mentor_id").references(() => persons.id, { onDelete: "set null" }),
  },
  (table) => [
    primaryKey({ name: "program_enrollments_pkey", columns: [table.programId, table.personId] }),
    index("program_enrollments_person_id_idx").on(table.personId),
    index("program_enrollments_mentor_id_idx").on(table.mentorId),
    check("program_enrollments_own_mentor", sql`${table.mentorId} <> ${table.personId}`),
  ],
);
