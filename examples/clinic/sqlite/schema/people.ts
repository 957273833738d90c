import { sql } from "drizzle-orm";
import {
  type AnySQLiteColumn,
  check,
  foreignKey,
  index,
  integer,
  real,
  sqliteTable,
  text,
  unique,
  uniqueIndex,
} from "drizzle-orm/sqlite-core";
import { employmentTypes, oneOf, personRoles } from "./choices.js";
import { id, timestamps } from "./columns.js";

/** A hospital or clinic where residents work. */
export const sites = sqliteTable(
  "sites",
  {
    id: id(),
    code: text("code", { length: 12 }).notNull().unique(),
    name: text("name").notNull(),
    timeZone: text("time_zone").notNull().default("Europe/Zurich"),
    address: text("address", { mode: "json" }).$type<{ street: string; city: string; postalCode: string }>(),
    dayStartsAt: text("day_starts_at").notNull().default("07:00"),
    latitude: real("latitude"),
    longitude: real("longitude"),
    isActive: integer("is_active", { mode: "boolean" }).notNull().default(true),
    ...timestamps(),
  },
  (table) => [
    check("sites_coordinates_both_or_none", sql`(${table.latitude} is null) = (${table.longitude} is null)`),
  ],
);

/** A department may be part of another one; its head is a person, and persons belong to departments. */
export const departments = sqliteTable(
  "departments",
  {
    id: id(),
    siteId: integer("site_id")
      .notNull()
      .references(() => sites.id, { onDelete: "restrict" }),
    parentId: integer("parent_id").references((): AnySQLiteColumn => departments.id, {
      onDelete: "set null",
    }),
    headPersonId: integer("head_person_id").references((): AnySQLiteColumn => persons.id, {
      onDelete: "set null",
    }),
    name: text("name").notNull(),
    costCenter: text("cost_center", { length: 6 }),
    ...timestamps(),
  },
  (table) => [
    unique("departments_site_id_name_key").on(table.siteId, table.name),
    index("departments_parent_id_idx").on(table.parentId),
    index("departments_head_person_id_idx").on(table.headPersonId),
    check("departments_not_own_parent", sql`${table.parentId} <> ${table.id}`),
  ],
);

export const persons = sqliteTable(
  "persons",
  {
    id: id(),
    publicId: text("public_id")
      .notNull()
      .unique()
      .$defaultFn(() => crypto.randomUUID()),
    departmentId: integer("department_id")
      .notNull()
      .references(() => departments.id, { onDelete: "restrict" }),
    givenName: text("given_name").notNull(),
    familyName: text("family_name").notNull(),
    fullName: text("full_name").generatedAlwaysAs(sql`given_name || ' ' || family_name`, { mode: "virtual" }),
    email: text("email").notNull(),
    phone: text("phone"),
    role: text("role", { enum: personRoles }).notNull().default("resident"),
    employment: text("employment", { enum: employmentTypes }).notNull().default("full_time"),
    workloadPercent: integer("workload_percent").notNull().default(100),
    postgraduateYear: integer("postgraduate_year"),
    hiredOn: text("hired_on").notNull(),
    leftOn: text("left_on"),
    languages: text("languages", { mode: "json" }).$type<string[]>().notNull().default(["en"]),
    preferences: text("preferences", { mode: "json" })
      .$type<{ reminders: boolean; calendar: string }>()
      .notNull()
      .default({ reminders: true, calendar: "ics" }),
    isActive: integer("is_active", { mode: "boolean" }).notNull().default(true),
    ...timestamps(),
  },
  (table) => [
    uniqueIndex("persons_email_key").on(sql`lower(${table.email})`),
    index("persons_department_id_idx").on(table.departmentId),
    index("persons_family_name_idx").on(table.familyName, table.givenName),
    index("persons_active_role_idx").on(table.role).where(sql`${table.isActive}`),
    check("persons_role_known", oneOf(table.role, personRoles)),
    check("persons_employment_known", oneOf(table.employment, employmentTypes)),
    check("persons_workload_percent_range", sql`${table.workloadPercent} between 1 and 100`),
    check("persons_postgraduate_year_range", sql`${table.postgraduateYear} between 1 and 9`),
    check("persons_left_after_hired", sql`${table.leftOn} >= ${table.hiredOn}`),
  ],
);

export const emergencyContacts = sqliteTable(
  "emergency_contacts",
  {
    personId: integer("person_id").notNull(),
    position: integer("position").notNull().default(1),
    name: text("name").notNull(),
    relation: text("relation").notNull().default("it's complicated"),
    phone: text("phone").notNull(),
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
