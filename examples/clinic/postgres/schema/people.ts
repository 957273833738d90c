import { sql } from "drizzle-orm";
import {
  type AnyPgColumn,
  bigint,
  boolean,
  char,
  check,
  date,
  foreignKey,
  index,
  jsonb,
  numeric,
  pgTable,
  smallint,
  text,
  time,
  unique,
  uniqueIndex,
  uuid,
  varchar,
} from "drizzle-orm/pg-core";
import { id, timestamps } from "./columns.js";
import { employmentType, personRole } from "./enums.js";

/** A hospital or clinic where residents work. */
export const sites = pgTable(
  "sites",
  {
    id: id(),
    code: varchar("code", { length: 12 }).notNull().unique(),
    name: text("name").notNull(),
    timeZone: text("time_zone").notNull().default("Europe/Zurich"),
    address: jsonb("address").$type<{ street: string; city: string; postalCode: string }>(),
    dayStartsAt: time("day_starts_at").notNull().default("07:00"),
    latitude: numeric("latitude", { precision: 9, scale: 6 }),
    longitude: numeric("longitude", { precision: 9, scale: 6 }),
    isActive: boolean("is_active").notNull().default(true),
    ...timestamps(),
  },
  (table) => [
    check("sites_coordinates_both_or_none", sql`(${table.latitude} is null) = (${table.longitude} is null)`),
  ],
);

/** A department may be part of another one; its head is a person, and persons belong to departments. */
export const departments = pgTable(
  "departments",
  {
    id: id(),
    siteId: bigint("site_id", { mode: "number" })
      .notNull()
      .references(() => sites.id, { onDelete: "restrict" }),
    parentId: bigint("parent_id", { mode: "number" }).references((): AnyPgColumn => departments.id, {
      onDelete: "set null",
    }),
    headPersonId: bigint("head_person_id", { mode: "number" }).references((): AnyPgColumn => persons.id, {
      onDelete: "set null",
    }),
    name: text("name").notNull(),
    costCenter: char("cost_center", { length: 6 }),
    ...timestamps(),
  },
  (table) => [
    unique("departments_site_id_name_key").on(table.siteId, table.name),
    index("departments_parent_id_idx").on(table.parentId),
    index("departments_head_person_id_idx").on(table.headPersonId),
    check("departments_not_own_parent", sql`${table.parentId} <> ${table.id}`),
  ],
);

export const persons = pgTable(
  "persons",
  {
    id: id(),
    publicId: uuid("public_id").notNull().defaultRandom().unique(),
    departmentId: bigint("department_id", { mode: "number" })
      .notNull()
      .references(() => departments.id, { onDelete: "restrict" }),
    givenName: text("given_name").notNull(),
    familyName: text("family_name").notNull(),
    fullName: text("full_name").generatedAlwaysAs(sql`given_name || ' ' || family_name`),
    email: varchar("email", { length: 255 }).notNull(),
    phone: varchar("phone", { length: 32 }),
    role: personRole("role").notNull().default("resident"),
    employment: employmentType("employment").notNull().default("full_time"),
    workloadPercent: smallint("workload_percent").notNull().default(100),
    postgraduateYear: smallint("postgraduate_year"),
    hiredOn: date("hired_on").notNull(),
    leftOn: date("left_on"),
    languages: text("languages").array().notNull().default(["en"]),
    preferences: jsonb("preferences")
      .$type<{ reminders: boolean; calendar: string }>()
      .notNull()
      .default({ reminders: true, calendar: "ics" }),
    isActive: boolean("is_active").notNull().default(true),
    ...timestamps(),
  },
  (table) => [
    uniqueIndex("persons_email_key").on(sql`lower(${table.email})`),
    index("persons_department_id_idx").on(table.departmentId),
    index("persons_family_name_idx").on(table.familyName, table.givenName),
    index("persons_active_role_idx").on(table.role).where(sql`${table.isActive}`),
    index("persons_languages_idx").using("gin", table.languages),
    check("persons_workload_percent_range", sql`${table.workloadPercent} between 1 and 100`),
    check("persons_postgraduate_year_range", sql`${table.postgraduateYear} between 1 and 9`),
    check("persons_left_after_hired", sql`${table.leftOn} >= ${table.hiredOn}`),
  ],
);

export const emergencyContacts = pgTable(
  "emergency_contacts",
  {
    personId: bigint("person_id", { mode: "number" }).notNull(),
    position: smallint("position").notNull().default(1),
    name: text("name").notNull(),
    relation: text("relation").notNull().default("it's complicated"),
    phone: varchar("phone", { length: 32 }).notNull(),
  },
  (table) => [
    foreignKey({
      name: "emergency_contacts_person_id_fkey",
      columns: [table.personId],
      foreignColumns: [persons.id],
    }).onDelete("cascade"),
    unique("emergency_contacts_person_id_position_key").on(table.personId, table.position),
  ],
);
