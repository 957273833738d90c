import { and, asc, count, desc, eq, gte, isNull, lte, sql } from "drizzle-orm";
import type { BaseSQLiteDatabase } from "drizzle-orm/sqlite-core";
import {
  conferenceAttendance,
  conferences,
  evaluations,
  procedureLogs,
  procedures,
} from "./schema/education.js";
import { persons } from "./schema/people.js";
import { auditEntries, certifications, notifications, settings } from "./schema/records.js";
import { absences, assignments, dutyHours, onCallShifts, swapRequests } from "./schema/scheduling.js";
import { currentRoster } from "./schema/views.js";

/** Any asynchronous Drizzle database of SQLite, whatever its driver. */
export type Database = BaseSQLiteDatabase<"async", unknown>;

/** Who is where today, by site. */
export const roster = (db: Database) =>
  db.select().from(currentRoster).orderBy(asc(currentRoster.site), asc(currentRoster.fullName));

/** Shifts that nobody has taken yet. */
export const openShifts = (db: Database, from: Date, to: Date) =>
  db
    .select({ id: onCallShifts.id, kind: onCallShifts.kind, startsAt: onCallShifts.startsAt })
    .from(onCallShifts)
    .where(
      and(isNull(onCallShifts.personId), gte(onCallShifts.startsAt, from), lte(onCallShifts.startsAt, to)),
    )
    .orderBy(asc(onCallShifts.startsAt));

/** Certifications that run out until a day, with whose they are. */
export const expiringCertifications = (db: Database, until: string) =>
  db
    .select({
      person: persons.fullName,
      certification: certifications.name,
      expiresOn: certifications.expiresOn,
    })
    .from(certifications)
    .innerJoin(persons, eq(persons.id, certifications.personId))
    .where(and(eq(persons.isActive, true), lte(certifications.expiresOn, until)))
    .orderBy(asc(certifications.expiresOn));

/** Hours of a person between two days. */
export const hoursWorked = async (db: Database, personId: number, from: string, to: string) => {
  const [row] = await db
    .select({ hours: sql<string>`coalesce(sum(${dutyHours.hours}), 0)` })
    .from(dutyHours)
    .where(and(eq(dutyHours.personId, personId), gte(dutyHours.workedOn, from), lte(dutyHours.workedOn, to)));
  return Number(row?.hours ?? 0);
};

/** Absences that wait for a decision, the oldest first. */
export const pendingAbsences = (db: Database) =>
  db
    .select({
      id: absences.id,
      person: persons.fullName,
      kind: absences.kind,
      lengthDays: absences.lengthDays,
    })
    .from(absences)
    .innerJoin(persons, eq(persons.id, absences.personId))
    .where(eq(absences.status, "pending"))
    .orderBy(asc(absences.createdAt));

/** Evaluations that were not handed in, by evaluator. */
export const openEvaluations = (db: Database) =>
  db
    .select({ evaluator: persons.fullName, open: count() })
    .from(evaluations)
    .innerJoin(persons, eq(persons.id, evaluations.evaluatorId))
    .where(isNull(evaluations.submittedAt))
    .groupBy(persons.fullName)
    .orderBy(desc(count()));

/** How often a person has done each procedure. */
export const procedureCounts = (db: Database, personId: number) =>
  db
    .select({ procedure: procedures.name, done: count() })
    .from(procedureLogs)
    .innerJoin(procedures, eq(procedures.id, procedureLogs.procedureId))
    .where(eq(procedureLogs.personId, personId))
    .groupBy(procedures.name);

/** How many came to each conference. */
export const attendance = (db: Database) =>
  db
    .select({ title: conferences.title, attended: count(conferenceAttendance.personId) })
    .from(conferences)
    .leftJoin(conferenceAttendance, eq(conferenceAttendance.conferenceId, conferences.id))
    .groupBy(conferences.id, conferences.title);

export const unreadNotifications = (db: Database, recipientId: number) =>
  db
    .select()
    .from(notifications)
    .where(and(eq(notifications.recipientId, recipientId), isNull(notifications.readAt)));

export const globalSettings = (db: Database) =>
  db.select({ key: settings.key, value: settings.value }).from(settings).where(isNull(settings.personId));

export const pendingSwaps = (db: Database) =>
  db
    .select({ id: swapRequests.id, shiftId: swapRequests.shiftId })
    .from(swapRequests)
    .where(eq(swapRequests.status, "pending"));

/** Assigns a person, and writes it down. */
export const assign = async (db: Database, assignment: typeof assignments.$inferInsert) => {
  const [made] = await db.insert(assignments).values(assignment).returning({ id: assignments.id });
  await db.insert(auditEntries).values({
    kind: "insert",
    tableName: "assignments",
    rowKey: String(made?.id),
    after: assignment,
  });
  return made?.id;
};

/** Gives an open shift to a person; false when somebody was faster. */
export const takeShift = async (db: Database, shiftId: number, personId: number) => {
  const taken = await db
    .update(onCallShifts)
    .set({ personId })
    .where(and(eq(onCallShifts.id, shiftId), isNull(onCallShifts.personId)))
    .returning({ id: onCallShifts.id });
  return taken.length === 1;
};
