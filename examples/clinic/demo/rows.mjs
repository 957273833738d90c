// Rows of the clinic: put in with its models, read with its own queries.

/**
 * @typedef {{ models: any, queries: any }} Clinic
 * @typedef {object} Rows
 * @property {readonly { fullName: string, rotation: string, site: string }[]} roster
 * @property {readonly { kind: string, startsAt: Date }[]} shifts
 * @property {readonly { person: string, kind: string, lengthDays: number, reason: string | null }[]} absences
 */

const day = 24 * 60 * 60 * 1000;
const today = new Date(Math.floor(Date.now() / day) * day);

/** @param {number} days from today */
const date = (days) => new Date(today.getTime() + days * day).toISOString().slice(0, 10);

/**
 * @param {number} days from today
 * @param {number} hours
 */
const moment = (days, hours) => new Date(today.getTime() + days * day + (hours * day) / 24);

/**
 * A hospital with two residents: an assignment, an open shift, and two absences of which one has no reason.
 *
 * @param {any} db
 * @param {Clinic} clinic
 */
export async function fill(db, { models, queries }) {
  /** @type {(table: any, row: object) => Promise<number>} */
  const insert = async (table, row) => {
    const [made] = await db.insert(table).values(row).returning({ id: table.id });
    return made.id;
  };
  const siteId = await insert(models.sites, { code: "NORTH", name: "North Hospital" });
  const departmentId = await insert(models.departments, { siteId, name: "Medicine" });
  /** @type {(givenName: string, familyName: string, role: string) => Promise<number>} */
  const person = (givenName, familyName, role) =>
    insert(models.persons, {
      ...{ departmentId, givenName, familyName, role, hiredOn: "2024-10-01" },
      email: `${givenName}.${familyName}@clinic.example`.toLowerCase(),
    });
  const directorId = await person("Ada", "Weiss", "attending");
  const rosa = await person("Rosa", "Blum", "resident");
  const jan = await person("Jan", "O'Neill", "resident");
  const programId = await insert(models.programs, {
    ...{ departmentId, directorId, name: "Internal medicine", specialty: "medicine" },
  });
  const academicYearId = await insert(models.academicYears, {
    ...{ label: "this year", startsOn: date(-100), endsOn: date(264) },
  });
  const academicBlockId = await insert(models.academicBlocks, {
    ...{ academicYearId, number: 4, startsOn: date(-14), endsOn: date(13) },
  });
  const rotationTemplateId = await insert(models.rotationTemplates, { programId, siteId, name: "Emergency" });
  await queries.assign(db, {
    ...{ personId: rosa, rotationTemplateId, academicBlockId },
    ...{ status: "published", publishedAt: moment(-20, 9) },
  });
  await insert(models.onCallShifts, { siteId, kind: "night", startsAt: moment(1, 20), endsAt: moment(2, 8) });
  await insert(models.absences, {
    ...{ personId: rosa, kind: "vacation", startsOn: date(30), endsOn: date(34), reason: "a wedding" },
    createdAt: moment(-2, 8),
  });
  await insert(models.absences, {
    ...{ personId: jan, kind: "conference", startsOn: date(50), endsOn: date(51) },
    createdAt: moment(-1, 8),
  });
}

/**
 * What the clinic sees.
 *
 * @param {any} db
 * @param {Clinic} clinic
 * @returns {Promise<Rows>}
 */
export async function look(db, { models, queries }) {
  const roster = await queries.roster(db);
  const shifts = await queries.openShifts(db, moment(0, 0), moment(7, 0));
  const pending = await queries.pendingAbsences(db);
  const reasons = await db
    .select({ id: models.absences.id, reason: models.absences.reason })
    .from(models.absences);
  return {
    roster: roster.map(({ fullName, rotation, site }) => ({ fullName, rotation, site })),
    shifts: shifts.map(({ kind, startsAt }) => ({ kind, startsAt })),
    absences: pending.map(({ id, person, kind, lengthDays }) => ({
      ...{ person, kind, lengthDays },
      reason: reasons.find((one) => one.id === id)?.reason ?? null,
    })),
  };
}

/**
 * @param {Rows} rows
 * @returns {readonly string[]}
 */
export function tellRows({ roster, shifts, absences }) {
  return [
    ...roster.map((one) => `today     ${one.fullName}: ${one.rotation} at ${one.site}`),
    ...shifts.map((one) => `open      ${one.kind} shift, ${one.startsAt.toISOString().slice(0, 16)}`),
    ...absences.map(
      (one) => `absence   ${one.person}: ${one.kind}, ${one.lengthDays} days (${one.reason ?? "no reason"})`,
    ),
  ];
}

/**
 * Uses what the second revision has made; a line for each thing that could be read back.
 *
 * @param {any} db
 * @param {Clinic} clinic
 * @returns {Promise<readonly string[]>}
 */
export async function addNewRows(db, { models, queries }) {
  const { persons, onCallShifts, shiftNotes, sites } = models;
  const [person] = await db
    .update(persons)
    .set({ pager: "2041" })
    .returning({ id: persons.id, pager: persons.pager });
  const [site] = await db.select({ id: sites.id }).from(sites);
  const [shift] = await db
    .insert(onCallShifts)
    .values({ siteId: site.id, kind: "night_float", startsAt: moment(3, 20), endsAt: moment(4, 8) })
    .returning({ id: onCallShifts.id, kind: onCallShifts.kind });
  const taken = await queries.takeShift(db, shift.id, person.id);
  const [note] = await db
    .insert(shiftNotes)
    .values({ shiftId: shift.id, authorId: person.id, body: "bring the charger" })
    .returning({ body: shiftNotes.body });
  return [
    ...(person.pager === "2041" ? [`pager     ${person.pager}`] : []),
    ...(shift.kind === "night_float" && taken ? [`shift     ${shift.kind}, taken`] : []),
    ...(note.body === "bring the charger" ? [`note      ${note.body}`] : []),
  ];
}
