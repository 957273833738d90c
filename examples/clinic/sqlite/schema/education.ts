import { sql } from "drizzle-orm";
import { check, index, integer, primaryKey, sqliteTable, text, unique } from "drizzle-orm/sqlite-core";
import { oneOf, supervisionLevels } from "./choices.js";
import { id, moment, timestamps } from "./columns.js";
import { persons, sites } from "./people.js";
import { programs } from "./programs.js";
import { assignments } from "./scheduling.js";

export const competencies = sqliteTable(
  "competencies",
  {
    id: id(),
    programId: integer("program_id")
      .notNull()
      .references(() => programs.id, { onDelete: "cascade" }),
    code: text("code", { length: 16 }).notNull(),
    title: text("title").notNull(),
    description: text("description"),
    requiredCount: integer("required_count").notNull().default(0),
  },
  (table) => [
    unique("competencies_program_id_code_key").on(table.programId, table.code),
    check("competencies_required_count_range", sql`${table.requiredCount} >= 0`),
  ],
);

export const evaluations = sqliteTable(
  "evaluations",
  {
    id: id(),
    assignmentId: integer("assignment_id")
      .notNull()
      .references(() => assignments.id, { onDelete: "cascade" }),
    evaluatorId: integer("evaluator_id")
      .notNull()
      .references(() => persons.id, { onDelete: "restrict" }),
    submittedAt: moment("submitted_at"),
    strengths: text("strengths"),
    improvements: text("improvements"),
    answers: text("answers", { mode: "json" }).notNull().default([]),
    isConfidential: integer("is_confidential", { mode: "boolean" }).notNull().default(false),
    ...timestamps(),
  },
  (table) => [
    unique("evaluations_assignment_id_evaluator_id_key").on(table.assignmentId, table.evaluatorId),
    index("evaluations_evaluator_id_idx").on(table.evaluatorId),
    index("evaluations_open_idx").on(table.createdAt).where(sql`${table.submittedAt} is null`),
    check("evaluations_answers_json", sql`json_valid(${table.answers})`),
  ],
);

export const evaluationScores = sqliteTable(
  "evaluation_scores",
  {
    evaluationId: integer("evaluation_id")
      .notNull()
      .references(() => evaluations.id, { onDelete: "cascade" }),
    competencyId: integer("competency_id")
      .notNull()
      .references(() => competencies.id, { onDelete: "restrict" }),
    score: integer("score").notNull(),
    remark: text("remark"),
  },
  (table) => [
    primaryKey({ name: "evaluation_scores_pkey", columns: [table.evaluationId, table.competencyId] }),
    index("evaluation_scores_competency_id_idx").on(table.competencyId),
    check("evaluation_scores_range", sql`${table.score} between 1 and 5`),
  ],
);

export const procedures = sqliteTable("procedures", {
  id: id(),
  code: text("code", { length: 20 }).notNull().unique(),
  name: text("name").notNull(),
  competencyId: integer("competency_id").references(() => competencies.id, { onDelete: "set null" }),
});

export const procedureLogs = sqliteTable(
  "procedure_logs",
  {
    number: integer("number").primaryKey(),
    personId: integer("person_id")
      .notNull()
      .references(() => persons.id, { onDelete: "cascade" }),
    procedureId: integer("procedure_id")
      .notNull()
      .references(() => procedures.id, { onDelete: "restrict" }),
    supervisorId: integer("supervisor_id").references(() => persons.id, { onDelete: "set null" }),
    siteId: integer("site_id").references(() => sites.id, { onDelete: "set null" }),
    performedOn: text("performed_on").notNull(),
    level: text("level", { enum: supervisionLevels }).notNull().default("observed"),
    hadComplication: integer("had_complication", { mode: "boolean" }).notNull().default(false),
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
    check("procedure_logs_level_known", oneOf(table.level, supervisionLevels)),
  ],
);

export const conferences = sqliteTable(
  "conferences",
  {
    id: id(),
    programId: integer("program_id")
      .notNull()
      .references(() => programs.id, { onDelete: "cascade" }),
    title: text("title").notNull(),
    startsAt: moment("starts_at").notNull(),
    minutes: integer("minutes").notNull().default(60),
    room: text("room"),
    isMandatory: integer("is_mandatory", { mode: "boolean" }).notNull().default(true),
  },
  (table) => [
    index("conferences_program_id_starts_at_idx").on(table.programId, table.startsAt),
    check("conferences_minutes_range", sql`${table.minutes} between 5 and 480`),
  ],
);

export const conferenceAttendance = sqliteTable(
  "conference_attendance",
  {
    conferenceId: integer("conference_id")
      .notNull()
      .references(() => conferences.id, { onDelete: "cascade" }),
    personId: integer("person_id")
      .notNull()
      .references(() => persons.id, { onDelete: "cascade" }),
    checkedInAt: moment("checked_in_at").notNull().default(sql`(unixepoch())`),
  },
  (table) => [
    primaryKey({ columns: [table.conferenceId, table.personId] }),
    index("conference_attendance_person_id_idx").on(table.personId),
  ],
);
