import { eq, sql } from "drizzle-orm";
import { bigint, date, numeric, pgMaterializedView, pgView } from "drizzle-orm/pg-core";
import { persons, sites } from "./people.js";
import { academicBlocks, rotationTemplates } from "./programs.js";
import { assignments } from "./scheduling.js";

/** Who is where today. */
export const currentRoster = pgView("current_roster").as((query) =>
  query
    .select({
      personId: sql<number>`${persons.id}`.as("person_id"),
      fullName: persons.fullName,
      role: persons.role,
      rotation: sql<string>`${rotationTemplates.name}`.as("rotation"),
      site: sql<string>`${sites.name}`.as("site"),
      startsOn: academicBlocks.startsOn,
      endsOn: academicBlocks.endsOn,
    })
    .from(assignments)
    .innerJoin(persons, eq(persons.id, assignments.personId))
    .innerJoin(rotationTemplates, eq(rotationTemplates.id, assignments.rotationTemplateId))
    .innerJoin(sites, eq(sites.id, rotationTemplates.siteId))
    .innerJoin(academicBlocks, eq(academicBlocks.id, assignments.academicBlockId))
    .where(
      sql`${assignments.status} = ${"published"} and current_date between ${academicBlocks.startsOn} and ${academicBlocks.endsOn}`,
    ),
);

/** Hours per person and week, refreshed every night. */
export const weeklyHours = pgMaterializedView("weekly_hours", {
  personId: bigint("person_id", { mode: "number" }),
  weekStartsOn: date("week_starts_on"),
  hours: numeric("hours"),
}).as(
  sql`select person_id, date_trunc('week', worked_on::timestamp)::date as week_starts_on, sum(hours) as hours from duty_hours group by person_id, date_trunc('week', worked_on::timestamp)::date`,
);
