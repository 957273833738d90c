import { type SQL, sql } from "drizzle-orm";

export const personRoles = ["resident", "fellow", "attending", "coordinator", "administrator"] as const;
export const employmentTypes = ["full_time", "part_time", "locum", "visiting"] as const;
export const assignmentStatuses = ["draft", "published", "completed", "cancelled"] as const;
export const absenceKinds = ["vacation", "sick", "parental", "conference", "other"] as const;
export const requestStatuses = ["pending", "approved", "declined", "withdrawn"] as const;
export const shiftKinds = ["day", "evening", "night", "weekend", "home_call"] as const;
export const notificationChannels = ["email", "sms", "push"] as const;
export const documentKinds = ["contract", "certificate", "evaluation", "policy", "other"] as const;
export const supervisionLevels = ["observed", "assisted", "supervised", "independent"] as const;
export const changeKinds = ["insert", "update", "delete"] as const;

/** The condition of a CHECK that a column holds one of these texts; the types alone do not keep others out. */
export function oneOf(column: unknown, choices: readonly string[]): SQL {
  return sql`${column} in ${choices.map((choice) => sql.raw(`'${choice.replaceAll("'", "''")}'`))}`;
}
