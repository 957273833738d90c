import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  check,
  date,
  index,
  jsonb,
  pgPolicy,
  pgRole,
  pgTable,
  text,
  timestamp,
  unique,
  uniqueIndex,
  uuid,
  varchar,
} from "drizzle-orm/pg-core";
import { id, timestamps } from "./columns.js";
import { documentKind, notificationChannel } from "./enums.js";
import { persons } from "./people.js";

/** The database role that the web application connects as. */
export const application = pgRole("clinic_app").existing();

export const documents = pgTable(
  "documents",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    ownerId: bigint("owner_id", { mode: "number" }).references(() => persons.id, { onDelete: "cascade" }),
    kind: documentKind("kind").notNull().default("other"),
    fileName: text("file_name").notNull(),
    mediaType: varchar("media_type", { length: 127 }).notNull(),
    sizeBytes: bigint("size_bytes", { mode: "number" }).notNull().default(0),
    sha256: varchar("sha256", { length: 64 }).notNull(),
    uploadedAt: timestamp("uploaded_at", { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [
    index("documents_owner_id_idx").on(table.ownerId),
    index("documents_sha256_idx").using("hash", table.sha256),
    check("documents_size_bytes_range", sql`${table.sizeBytes} >= 0`),
    pgPolicy("documents_of_the_owner", {
      for: "select",
      to: "public",
      using: sql`owner_id = nullif(current_setting('clinic.person_id', true), '')::bigint`,
    }),
    pgPolicy("documents_never_deleted", {
      as: "restrictive",
      for: "delete",
      to: "public",
      using: sql`false`,
    }),
  ],
);

/** Licences and courses that run out. */
export const certifications = pgTable(
  "certifications",
  {
    id: id(),
    personId: bigint("person_id", { mode: "number" })
      .notNull()
      .references(() => persons.id, { onDelete: "cascade" }),
    name: text("name").notNull(),
    issuer: text("issuer"),
    issuedOn: date("issued_on").notNull(),
    expiresOn: date("expires_on"),
    documentId: uuid("document_id").references(() => documents.id, { onDelete: "set null" }),
    ...timestamps(),
  },
  (table) => [
    unique("certifications_person_id_name_key").on(table.personId, table.name),
    index("certifications_expires_on_idx").on(table.expiresOn).where(sql`${table.expiresOn} is not null`),
    index("certifications_document_id_idx").on(table.documentId),
    check("certifications_in_order", sql`${table.issuedOn} < ${table.expiresOn}`),
  ],
);

export const notifications = pgTable(
  "notifications",
  {
    id: id(),
    recipientId: bigint("recipient_id", { mode: "number" })
      .notNull()
      .references(() => persons.id, { onDelete: "cascade" }),
    channel: notificationChannel("channel").notNull().default("email"),
    subject: text("subject").notNull(),
    body: text("body").notNull().default(""),
    data: jsonb("data").notNull().default({}),
    createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
    sentAt: timestamp("sent_at", { withTimezone: true }),
    readAt: timestamp("read_at", { withTimezone: true }),
  },
  (table) => [
    index("notifications_unread_idx")
      .on(table.recipientId, table.createdAt)
      .where(sql`${table.readAt} is null`),
    index("notifications_unsent_idx").on(table.createdAt).where(sql`${table.sentAt} is null`),
  ],
);

/** A value for everybody, or for one person where `person_id` is set. */
export const settings = pgTable(
  "settings",
  {
    id: id(),
    personId: bigint("person_id", { mode: "number" }).references(() => persons.id, { onDelete: "cascade" }),
    key: text("key").notNull(),
    value: jsonb("value").notNull(),
    isLocked: boolean("is_locked").notNull().default(false),
    updatedAt: timestamp("updated_at", { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [
    unique("settings_person_id_key_key").on(table.personId, table.key).nullsNotDistinct(),
    uniqueIndex("settings_global_key_key").on(table.key).where(sql`${table.personId} is null`),
    check("settings_key_form", sql`${table.key} ~ '^[a-z][a-z0-9_.]*$'`),
  ],
);
