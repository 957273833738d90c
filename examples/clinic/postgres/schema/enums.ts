import { pgEnum } from "drizzle-orm/pg-core";

export const personRole = pgEnum("person_role", [
  "resident",
  "fellow",
  "attending",
  "coordinator",
  "administrator",
]);

export const employmentType = pgEnum("employment_type", ["full_time", "part_time", "locum", "visiting"]);

export const assignmentStatus = pgEnum("assignment_status", ["draft", "published", "completed", "cancelled"]);

export const absenceKind = pgEnum("absence_kind", ["vacation", "sick", "parental", "conference", "other"]);

export const requestStatus = pgEnum("request_status", ["pending", "approved", "declined", "withdrawn"]);

export const shiftKind = pgEnum("shift_kind", ["day", "evening", "night", "weekend", "home_call"]);

export const notificationChannel = pgEnum("notification_channel", ["email", "sms", "push"]);

export const documentKind = pgEnum("document_kind", [
  "contract",
  "certificate",
  "evaluation",
  "policy",
  "other",
]);

export const supervisionLevel = pgEnum("supervision_level", [
  "observed",
  "assisted",
  "supervised",
  "independent",
]);
