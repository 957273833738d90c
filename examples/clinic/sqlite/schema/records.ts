import { sql } from "drizzle-orm";
import { blob, check, index, integer, sqliteTable, text, unique, uniqueIndex } from "drizzle-orm/sqlite-core";
import { changeKinds, documentKinds, notificationChannels, oneOf } from "./choices.js";
import { id, moment, timestamps } from "./columns.js";
import { persons } from "./people.js";

export const documents = sqliteTable(
  "documents",
  {
    id: text("id")
      .primaryKey()
      .$defaultFn(() => crypto.randomUUID()),
    ownerId: integer("owner_id").references(() => persons.id, { onDelete: "cascade" }),
    kind: text("kind", { enum: documentKinds }).notNull().default("other"),
    fileName: text("file_name").notNull(),
    mediaType: text("media_type", { length: 127 }).notNull(),
    sizeBytes: integer("size_bytes").notNull().default(0),
    sha256: text("sha256", { length: 64 }).notNull(),
    thumbnail: blob("thumbnail", { mode: "buffer" }),
    uploadedAt: moment("uploaded_at").notNull().default(sql`(unixepoch())`),
  },
  (table) => [
    index("documents_owner_id_idx").on(table.ownerId),
    index("documents_sha256_idx").on(table.sha256),
    check("documents_kind_known", oneOf(table.kind, documentKinds)),
    check("documents_size_bytes_range", sql`${table.sizeBytes} >= 0`),
  ],
);

/** Licences and courses that run out. */
export const certifications = sqliteTable(
  "certifications",
  {
    id: id(),
    personId: integer("person_id")
      .notNull()
      .references(() => persons.id, { onDelete: "cascade" }),
    name: text("name").notNull(),
    issuer: text("issuer"),
    issuedOn: text("issued_on").notNull(),
    expiresOn: text("expires_on"),
    documentId: text("document_id").references(() => documents.id, { onDelete: "set null" }),
    ...timestamps(),
  },
  (table) => [
    unique("certifications_person_id_name_key").on(table.personId, table.name),
    index("certifications_expires_on_idx").on(table.expiresOn).where(sql`${table.expiresOn} is not null`),
    index("certifications_document_id_idx").on(table.documentId),
    check("certifications_in_order", sql`${table.issuedOn} < ${table.expiresOn}`),
  ],
);

export const notifications = sqliteTable(
  "notifications",
  {
    id: id(),
    recipientId: integer("recipient_id")
      .notNull()
      .references(() => persons.id, { onDelete: "cascade" }),
    channel: text("channel", { enum: notificationChannels }).notNull().default("email"),
    subject: text("subject").notNull(),
    body: text("body").notNull().default(""),
    data: text("data", { mode: "json" }).notNull().default({}),
    createdAt: moment("created_at").notNull().default(sql`(unixepoch())`),
    sentAt: moment("sent_at"),
    readAt: moment("read_at"),
  },
  (table) => [
    index("notifications_unread_idx")
      .on(table.recipientId, table.createdAt)
      .where(sql`${table.readAt} is null`),
    index("notifications_unsent_idx").on(table.createdAt).where(sql`${table.sentAt} is null`),
    check("notifications_channel_known", oneOf(table.channel, notificationChannels)),
  ],
);

/** A value for everybody, or for one person where `person_id` is set. */
export const settings = sqliteTable(
  "settings",
  {
    id: id(),
    personId: integer("person_id").references(() => persons.id, { onDelete: "cascade" }),
    key: text("key").notNull(),
    value: text("value", { mode: "json" }).notNull(),
    isLocked: integer("is_locked", { mode: "boolean" }).notNull().default(false),
    updatedAt: moment("updated_at").notNull().default(sql`(unixepoch())`),
  },
  (table) => [
    unique("settings_person_id_key_key").on(table.personId, table.key),
    uniqueIndex("settings_global_key_key").on(table.key).where(sql`${table.personId} is null`),
    check("settings_key_form", sql`${table.key} glob '[a-z]*'`),
  ],
);

export const auditEntries = sqliteTable(
  "audit_entries",
  {
    id: id(),
    happenedAt: integer("happened_at", { mode: "timestamp_ms" })
      .notNull()
      .default(sql`(cast(unixepoch('subsec') * 1000 as integer))`),
    actorId: integer("actor_id").references(() => persons.id, { onDelete: "set null" }),
    kind: text("kind", { enum: changeKinds }).notNull(),
    tableName: text("table_name").notNull(),
    rowKey: text("row_key").notNull(),
    before: text("before", { mode: "json" }),
    after: text("after", { mode: "json" }),
  },
  (table) => [
    index("audit_entries_table_name_row_key_idx").on(table.tableName, table.rowKey),
    index("audit_entries_actor_id_idx").on(table.actorId),
    index("audit_entries_happened_at_idx").on(table.happenedAt),
    check("audit_entries_kind_known", oneOf(table.kind, changeKinds)),
  ],
);
