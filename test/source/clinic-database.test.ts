import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { sql } from "drizzle-orm";
import { drizzle as drizzlePglite } from "drizzle-orm/pglite";
import { drizzle as drizzleProxy } from "drizzle-orm/sqlite-proxy";
import Database from "libsql";
import { glob } from "tinyglobby";
import { describe, expect, test } from "vitest";
import * as postgresQueries from "../../examples/clinic/postgres/queries.js";
import * as postgresTables from "../../examples/clinic/postgres/schema/index.js";
import * as sqliteQueries from "../../examples/clinic/sqlite/queries.js";
import * as sqliteTables from "../../examples/clinic/sqlite/schema/index.js";
import { adoptUnsaid } from "../../src/check/adopt.js";
import { differences } from "../../src/check/differences.js";
import { askConnection } from "../../src/check/engine.js";
import { schemaScript } from "../../src/check/schema-script.js";
import { loadDialect } from "../../src/dialect/registry.js";
import { contradictionsOf } from "../../src/diff/validate.js";
import type { DialectName } from "../../src/schema/name.js";
import type { Schema } from "../../src/schema/schema.js";
import { drizzle } from "../../src/source/drizzle/drizzle.js";

async function readClinic(engine: DialectName): Promise<Schema> {
  const root = join(process.cwd(), "examples/clinic", engine);
  const files = (await glob("schema/*.ts", { cwd: root, absolute: true })).sort();
  return drizzle.read({
    root,
    files,
    dialect: engine,
    openScratch: () => Promise.reject(new Error("not needed")),
  });
}

describe.each<DialectName>(["postgres", "sqlite"])("the clinic on %s", (engine) => {
  test("contradicts itself nowhere", async () => {
    expect(contradictionsOf(await readClinic(engine))).toEqual([]);
  });

  test("is, once made, what its models say", async () => {
    const dialect = await loadDialect(engine);
    const models = await readClinic(engine);
    const scratch = await dialect.openScratch({
      url: engine === "postgres" ? "pglite:" : null,
      environmentUrl: null,
      directory: process.cwd(),
    });
    try {
      await scratch.connection.run(await schemaScript(dialect, models, null));
      const made = await dialect.inspect(scratch.connection, { namespaces: ["audit"], ignoreTables: [] });
      const wanted = adoptUnsaid(models, made, drizzle.unsaid);
      const found = await differences(dialect, made, wanted, askConnection(dialect, scratch.connection));
      expect(found.lines).toEqual([]);
      expect([...found.undecided]).toEqual([]);
      const counts = [made.tables.size, made.enums.size, made.sequences.size, made.views.size];
      expect(counts).toEqual([
        models.tables.size,
        models.enums.size,
        models.sequences.size,
        models.views.size,
      ]);
    } finally {
      await scratch.dispose();
    }
  });
});

/** A department with a head, a resident, a rotation for the block of today, and an open shift. */
const rows = {
  site: { code: "USZ", name: "University Hospital" },
  person: { givenName: "Ada", familyName: "O'Neil", email: "ada@example.org", hiredOn: "2020-01-01" },
  program: { name: "Surgery", specialty: "Surgery" },
  year: { label: "2000-2099", startsOn: "2000-01-01", endsOn: "2099-12-31" },
  block: { number: 1, startsOn: "2000-01-01", endsOn: "2099-12-31" },
  absence: { personId: 1, kind: "vacation", startsOn: "2026-01-01", endsOn: "2026-01-10" },
  certification: { personId: 1, name: "ACLS", issuedOn: "2020-01-01", expiresOn: "2026-01-01" },
  assignment: {
    personId: 1,
    rotationTemplateId: 1,
    academicBlockId: 1,
    status: "published",
    publishedAt: new Date(0),
  },
  hours: { personId: 1, workedOn: "2026-01-05" },
  notification: { recipientId: 1, subject: "Hello" },
  conference: { programId: 1, title: "Grand rounds", startsAt: new Date(0) },
} as const;
const night = { startsAt: new Date("2026-01-05T20:00:00Z"), endsAt: new Date("2026-01-06T06:00:00Z") };

test("the queries of the clinic run on PostgreSQL", async () => {
  const dialect = await loadDialect("postgres");
  const client = new PGlite();
  await client.exec(await schemaScript(dialect, await readClinic("postgres"), null));
  const db = drizzlePglite(client);
  const to = postgresTables;
  await db.insert(to.sites).values(rows.site);
  await db.insert(to.departments).values({ siteId: 1, name: "Surgery" });
  await db.insert(to.persons).values({ ...rows.person, departmentId: 1 });
  await db.update(to.departments).set({ headPersonId: 1 });
  await db.insert(to.programs).values({ ...rows.program, departmentId: 1 });
  await db.insert(to.academicYears).values(rows.year);
  await db.insert(to.academicBlocks).values({ ...rows.block, academicYearId: 1 });
  await db.insert(to.rotationTemplates).values({ programId: 1, siteId: 1, name: "Ward" });
  await db.insert(to.onCallShifts).values({ siteId: 1, ...night });
  await db.insert(to.absences).values(rows.absence);
  await db.insert(to.certifications).values(rows.certification);
  await db.insert(to.dutyHours).values({ ...rows.hours, hours: "10.50" });
  await db.insert(to.notifications).values(rows.notification);
  await db.insert(to.settings).values({ key: "week.starts_on", value: "monday" });
  await db.insert(to.conferences).values(rows.conference);
  await db.insert(to.procedures).values({ code: "CVC", name: "Central line" });
  const [log] = await db
    .insert(to.procedureLogs)
    .values({ personId: 1, procedureId: 1, performedOn: "2026-01-05" })
    .returning();
  expect(log?.number).toBe(1000);
  await db.refreshMaterializedView(to.weeklyHours);
  expect(await db.select().from(to.weeklyHours)).toMatchObject([
    { weekStartsOn: "2026-01-05", hours: "10.50" },
  ]);

  await expectClinic(postgresQueries, db);
  const audited = await db.execute(sql`select kind, row_key, after from audit.entries`);
  expect(audited.rows).toMatchObject([{ kind: "insert", row_key: "1", after: { personId: 1 } }]);
  await client.close();
});

test("the queries of the clinic run on SQLite", async () => {
  const dialect = await loadDialect("sqlite");
  const client = new Database(":memory:");
  client.exec(await schemaScript(dialect, await readClinic("sqlite"), null));
  const db = drizzleProxy(async (text, parameters, method) => {
    const statement = client.prepare(text);
    if (method === "run" || !statement.reader) {
      statement.run(...parameters);
      return { rows: [] };
    }
    const found = statement.raw().all(...parameters) as unknown[][];
    return { rows: method === "get" ? (found[0] ?? []) : found };
  });
  const to = sqliteTables;
  await db.insert(to.sites).values(rows.site);
  await db.insert(to.departments).values({ siteId: 1, name: "Surgery" });
  await db.insert(to.persons).values({ ...rows.person, departmentId: 1 });
  await db.update(to.departments).set({ headPersonId: 1 });
  await db.insert(to.programs).values({ ...rows.program, departmentId: 1 });
  await db.insert(to.academicYears).values(rows.year);
  await db.insert(to.academicBlocks).values({ ...rows.block, academicYearId: 1 });
  await db.insert(to.rotationTemplates).values({ programId: 1, siteId: 1, name: "Ward" });
  await db.insert(to.onCallShifts).values({ siteId: 1, ...night });
  await db.insert(to.absences).values(rows.absence);
  await db.insert(to.certifications).values(rows.certification);
  await db.insert(to.dutyHours).values({ ...rows.hours, hours: 10.5 });
  await db.insert(to.notifications).values(rows.notification);
  await db.insert(to.settings).values({ key: "week.starts_on", value: "monday" });
  await db.insert(to.conferences).values(rows.conference);
  await db.insert(to.procedures).values({ code: "CVC", name: "Central line" });
  await db.insert(to.procedureLogs).values({ personId: 1, procedureId: 1, performedOn: "2026-01-05" });
  expect(await db.select().from(to.weeklyHours)).toMatchObject([{ weekStartsOn: "2026-01-05", hours: 10.5 }]);

  await expectClinic(sqliteQueries, db);
  expect(await db.select().from(to.auditEntries)).toMatchObject([{ kind: "insert", rowKey: "1" }]);
  client.close();
});

type Queries<D> = { readonly [K in keyof typeof sqliteQueries]: (db: D, ...rest: never[]) => unknown };

async function expectClinic<D>(queries: Queries<D>, db: D): Promise<void> {
  const ask = queries as unknown as Record<
    keyof typeof sqliteQueries,
    (db: D, ...rest: unknown[]) => unknown
  >;
  expect(await ask.roster(db)).toEqual([]);
  expect(await ask.assign(db, rows.assignment)).toBe(1);
  await expect(async () => ask.assign(db, rows.assignment)).rejects.toThrow();
  expect(await ask.roster(db)).toMatchObject([
    { fullName: "Ada O'Neil", role: "resident", rotation: "Ward", site: "University Hospital" },
  ]);
  const [from, to] = [new Date("2026-01-05T00:00:00Z"), new Date("2026-01-07T00:00:00Z")];
  expect(await ask.openShifts(db, from, to)).toMatchObject([
    { id: 1, kind: "night", startsAt: night.startsAt },
  ]);
  expect(await ask.takeShift(db, 1, 1)).toBe(true);
  expect(await ask.takeShift(db, 1, 1)).toBe(false);
  expect(await ask.openShifts(db, from, to)).toEqual([]);
  expect(await ask.expiringCertifications(db, "2026-02-01")).toMatchObject([{ certification: "ACLS" }]);
  expect(await ask.hoursWorked(db, 1, "2026-01-01", "2026-01-31")).toBe(10.5);
  expect(await ask.pendingAbsences(db)).toMatchObject([{ kind: "vacation", lengthDays: 10 }]);
  expect(await ask.openEvaluations(db)).toEqual([]);
  expect(await ask.procedureCounts(db, 1)).toEqual([{ procedure: "Central line", done: 1 }]);
  expect(await ask.attendance(db)).toEqual([{ title: "Grand rounds", attended: 0 }]);
  expect(await ask.unreadNotifications(db, 1)).toMatchObject([{ subject: "Hello", body: "", data: {} }]);
  expect(await ask.globalSettings(db)).toEqual([{ key: "week.starts_on", value: "monday" }]);
  expect(await ask.pendingSwaps(db)).toEqual([]);
}
