import { sql } from "drizzle-orm";
import { integer } from "drizzle-orm/sqlite-core";

/** The key of nearly every table. */
export const id = () => integer("id").primaryKey({ autoIncrement: true });

/** Seconds since 1970. */
export const moment = (name: string) => integer(name, { mode: "timestamp" });

/** When a row was made and last changed. */
export const timestamps = () => ({
  createdAt: moment("created_at").notNull().default(sql`(unixepoch())`),
  updatedAt: moment("updated_at")
    .notNull()
    .default(sql`(unixepoch())`)
    .$onUpdate(() => new Date()),
});
