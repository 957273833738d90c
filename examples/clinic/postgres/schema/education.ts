import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  check,
  date,
  index,
  integer,
  jsonb,
  pgSequence,
  pgTable,
  primaryKey,
  smallint,
  text,
  timestamp,
  unique,
  varchar,
} from "drizzle-orm/pg-core";
import { id, timestamps } from "./columns.js";
import { supervisionLevel } from "./enums.js";
import { persons, sites } from "./people.js";
import { programs } from "./programs.js";
import { assignments } from "./scheduling.js";

export const competencies = pgTable(
  "competencies",
  {
    id: id(),
    programId: bigint("program_id", { mode: "number" })
      .notNull()
      .references(() => programs.id, { onDelete: "cascade" }),
    code: varchar("code", { length: 16 }).notNull(),
    title: text("title").notNull(),
    description: text("description"),
    requiredCount: integer("required_count").notNull().default(0),
  },
  (table) => [
    unique("competencies_program_id_code_key").on(table.programId, table.code),
    check("competencies_required_count_range", sql`${table.requiredCount} >= 0`),
  ],
);

export const evaluations = pgTable(
  "evaluations",
  {
    id: id(),
    assignmentId: bigint("assignment_id", { mode: "number" })
      .notNull()
      .references(() => assignments.id, { onDelete: "cascade" }),
    evaluatorId: bigint("evaluator_id", { mode: "number" })
      .notNull()
      .references(() => persons.id, { onDelete: "restrict" }),
    submittedAt: timestamp("submitted_at", { withTimezone: true }),
    strengths: text("strengths"),
    improvements: text("improvements"),
    answers: jsonb("answers").notNull().default([]),
    isConfidential: boolean("is_confidential").notNull().default(false),
    ...timestamps(),
  },
  (table) => [
    unique("evaluations_assignment_id_evaluator_id_key").on(table.assignmentId, table.evaluatorId),
    index("evaluations_evaluator_id_idx").on(table.evaluatorId),
    index("evaluations_open_idx").on(table.createdAt).where(sql`${table.submittedAt} is null`),
    index("evaluations_answers_idx").using("gin", table.answers.op("jsonb_path_ops")),
  ],
);

export const evaluationScores = pgTable(
  "evaluation_scores",
  {
    evaluationId: bigint("evaluation_id", { mode: "number" })
      .notNull()
      .references(() => evaluations.id, { onDelete: "cascade" }),
    competencyId: bigint("competency_id", { mode: "number" })
      .notNull()
      .references(() => competencies.id, { onDelete: "restrict" }),
    score: smallint("score").notNull(),
    remark: text("remark"),
  },
  (table) => [
    primaryKey({ name: "evaluation_scores_pkey", columns: [table.evaluationId, table.competencyId] }),
    index("evaluation_scores_competency_id_idx").on(table.competencyId),
    check("evaluation_scores_range", sql`${table.score} between 1 and 5`),
  ],
);

/** Numbers that are printed on the log sheets, across all programs. */
export const procedureNumber = pgSequence("procedure_number", { startWith: 1000, increment: 1, cache: 20 });

export const procedures = pgTable("procedures", {
  id: id(),
  code: varchar("code", { length: 20 }).notNull().unique(),
  name: text("name").notNull(),
  competencyId: bigint("competency_id", { mode: "number" }).references(() => competencies.id, {
    onDelete: "set null",
  }),
});

export const procedureLogs = pgTable(
  "procedure_logs",
  {
    number: bigint("number", { mode: "number" }).primaryKey().default(sql`nextval('procedure_number')`),
    personId: bigint("person_id", { mode: "number" })
      .notNull()
      .references(() => persons.id, { onDelete: "cascade" }),
    procedureId: bigint("procedure_id", { mode: "number" })
      .notNull()
      .references(() => procedures.id, { onDelete: "restrict" }),
    supervisorId: bigint("supervisor_id", { mode: "number" }).references(() => persons.id, {
      onDelete: "set null",
    }),
    siteId: bigint("site_id", { mode: "number" }).references(() => sites.id, { onDelete: "set null" }),
    performedOn: date("performed_on").notNull(),
    level: supervisionLevel("level").notNull().default("observed"),
    hadComplication: boolean("had_complication").notNull().default(false),
    ...timestamps(),
  },
  (table) => [
    index("procedure_logs_person_id_procedure_id_idx").on(
      table.personId,
      table.procedureId,
      table.performedOn,
    ),
    index("procedure_logs_procedure_id_idx").on(table.procedureId),
    index("procedure_logs_supervisor_id_idx").on(table.supervisorId),
  ],
);

export const conferences = pgTable(
  "conferences",
  {
    id: id(),
    programId: bigint("program_id", { mode: "number" })
      .notNull()
      .references(() => programs.id, { onDelete: "cascade" }),
    title: text("title").notNull(),
    startsAt: timestamp("starts_at", { withTimezone: true }).notNull(),
    minutes: smallint("minutes").notNull().default(60),
    room: text("room"),
    isMandatory: boolean("is_mandatory").notNull().default(true),
  },
  (table) => [
    index("conferences_program_id_starts_at_idx").on(table.programId, table.startsAt),
    check("conferences_minutes_range", sql`${table.minutes} between 5 and 480`),
  ],
);

export const conferenceAttendance = pgTable(
  "conference_attendance",
  {
    conferenceId: bigint("conference_id", { mode: "number" })
      .notNull()
      .references(() => conferences.id, { onDelete: "cascade" }),
    personId: bigint("person_id", { mode: "number" })
      .notNull()
      .references(() => persons.id, { onDelete: "cascade" }),
    checkedInAt: timestamp("checked_in_at", { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.conferenceId, table.personId] }),
    index("conference_attendance_person_id_idx").on(table.personId),
  ],
);
