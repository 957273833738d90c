// The main job, seen: models become revisions, revisions run, and a change to the models becomes the next revision.
// Once on SQLite and once on PostgreSQL, in temporary folders, with the command line as it is shipped. Every step is
// checked; the first that is not as it should be ends the demo with exit 1.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { applyChanges, changes } from "./changes.mjs";
import { openDatabase, startServer } from "./demo/database.mjs";
import { loadModels, makeProject } from "./demo/project.mjs";
import { addNewRows, fill, look, tellRows } from "./demo/rows.mjs";
import { createStage } from "./demo/stage.mjs";

/** @typedef {"sqlite" | "postgres"} Engine */

const names = { sqlite: "SQLite", postgres: "PostgreSQL" };
const stage = createStage();

/**
 * The whole story on one engine.
 *
 * @param {Engine} engine
 */
async function tell(engine) {
  const folder = await makeProject(engine, stage.keep);
  const database = await openDatabase(engine, folder);
  stage.chapter(`${names[engine]}: ${database.description}`);
  for (const line of database.notes) stage.say(line);
  /** @type {(words: readonly string[], options?: import("./demo/stage.mjs").Showing) => Promise<string>} */
  const aludel = (words, options) => stage.aludel(folder, database.url, words, options);

  stage.step("The first revision, from the Drizzle models of a clinic");
  await aludel(["revision", "--autogenerate", "-m", "first schema"], { first: 7, last: 2 });
  const [firstFile = ""] = await revisionFiles(folder);
  stage.verify(firstFile.endsWith("_first_schema.ts"), "one revision file is written");

  stage.step("Upgrade an empty database with it");
  const upgraded = await aludel(["upgrade"]);
  const first = /is at (\w+)\.$/.exec(upgraded.trim())?.[1] ?? "";
  stage.verify((await database.columns("swap_requests")).length > 0, "the database has the models' tables");
  stage.verify((await database.columns("persons")).includes("email"), "persons has a column email");

  stage.step("The clinic works with it");
  const before = await database.use(async (db) => {
    const models = await loadModels(folder);
    await fill(db, models);
    return look(db, models);
  });
  for (const line of tellRows(before)) stage.say(line);
  stage.verify(before.absences.length === 2, "the application's own queries find its rows");

  stage.step("The models change");
  await applyChanges(engine, folder);
  for (const { file, reason } of changes[engine]) stage.say(`${file.padEnd(22)} ${reason}`);
  await aludel(["check"], { exit: 1 });

  stage.step("The second revision");
  // On PostgreSQL the row without a reason is in the way, and a person says what becomes of it.
  const revise = ["revision", "--autogenerate", "-m", "pagers and shift notes"];
  if (engine === "postgres") await aludel(revise, { exit: 1 });
  await aludel(engine === "postgres" ? [...revise, "--backfill", "absences.reason='not given'"] : revise);
  const secondFile = (await revisionFiles(folder))[1] ?? "";
  const text = await readFile(join(folder, "revisions", secondFile), "utf8");
  stage.show(`cat revisions/${secondFile}`, text);
  stage.verify(text.includes('op.addColumn("persons", "pager"'), "the revision adds persons.pager");

  stage.step("A person reviews it");
  if (engine === "postgres") stage.say("The absence without a reason gets the one that was given.");
  else {
    stage.say("The warning is right: one absence has no reason. A line in the revision gives it one.");
    await editSecond(join(folder, "revisions", secondFile), text);
  }
  const [word, more] = engine === "postgres" ? ["backfill", 3] : ["execute", 1];
  stage.show(
    `grep -A ${more} ${word} revisions/${secondFile}`,
    grep(word, more, await readFile(join(folder, "revisions", secondFile), "utf8")),
  );
  await aludel(["verify"]);

  stage.step("What it will do, as SQL");
  const script = await aludel(["upgrade", "--sql", `${first}:head`], { first: 10, last: 12, cut: true });
  stage.verify(/ALTER TABLE "persons" ADD COLUMN "pager"/.test(script), "the SQL adds the column");

  stage.step("Upgrade");
  await aludel(["upgrade"]);
  await proveUpgraded(database, folder, before);
  const current = await aludel(["current"]);
  const history = (await aludel(["history"])).trim().split("\n");
  const second = /-> (\w+) \(head\)/.exec(history[0] ?? "")?.[1] ?? "no head";
  stage.verify(history.length === 2, "the history has two revisions");
  stage.verify(current.startsWith(`${second} (head)`), "the database is at the second");

  stage.step("Down by one, and up again");
  await aludel(["downgrade", "-1"]);
  stage.verify(!(await database.columns("persons")).includes("pager"), "persons.pager is gone");
  stage.verify((await database.columns("shift_notes")).length === 0, "shift_notes is gone");
  await aludel(["upgrade"]);
  await proveUpgraded(database, folder, before);

  stage.step("The clinic works with what is new");
  const added = await database.use(async (db) => addNewRows(db, await loadModels(folder)));
  for (const line of added) stage.say(line);
  stage.verify(added.length === 3, "a pager, a night float and a note are stored");

  stage.step("Nothing is left to generate");
  await aludel(["check"]);
  await aludel(["check", "--database"]);
}

/**
 * The new column is there, the reason is filled in, and all other rows are what they were.
 *
 * @param {import("./demo/database.mjs").Database} database
 * @param {string} folder
 * @param {import("./demo/rows.mjs").Rows} before
 */
async function proveUpgraded(database, folder, before) {
  stage.verify((await database.columns("persons")).includes("pager"), "persons has a column pager");
  const after = await database.use(async (db) => look(db, await loadModels(folder)));
  const expected = {
    ...before,
    absences: before.absences.map((one) => ({ ...one, reason: one.reason ?? "not given" })),
  };
  stage.verify(isDeepStrictEqual(after, expected), "every row is there, and every absence has a reason");
}

/** @param {string} folder */
async function revisionFiles(folder) {
  return (await readdir(join(folder, "revisions"))).filter((name) => name.endsWith(".ts")).sort();
}

/**
 * @param {string} file
 * @param {string} text
 */
async function editSecond(file, text) {
  const place = /^.*op\.alterColumn\("absences", "reason", \{ nullable: false.*$/m;
  const line = "    await op.execute(sql`update absences set reason = 'not given' where reason is null`);\n";
  await writeFile(
    file,
    text.replace(place, (found) => line + found),
  );
  if ((await readFile(file, "utf8")) === text) stage.verify(false, "the revision alters absences.reason");
}

/**
 * @param {string} word
 * @param {number} more
 * @param {string} text
 */
function grep(word, more, text) {
  const lines = text.split("\n");
  const at = lines.findIndex((line) => line.includes(`op.${word}`));
  return lines.slice(at, at + 1 + more).join("\n");
}

await stage.run(async () => {
  startServer(stage.keep); // It starts while SQLite has its turn.
  await tell("sqlite");
  await tell("postgres");
});
