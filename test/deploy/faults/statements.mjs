// Loaded before the command line (`node --import`): tells of every statement that SQLite is given, and ends the process at one.
import { writeSync } from "node:fs";
import { boundaries, isMeant } from "./boundary.mjs";
import { Database, isInMemory } from "./sqlite-class.mjs";

const { applied, fault } = JSON.parse(process.env.ALUDEL_FAULT ?? "{}");
const nameOf = boundaries(applied);
let isOver = false;

/** `kill -9` of this very process: nothing of it runs on. */
const end = () => process.kill(process.pid, "SIGKILL");

function around(database, sql, run) {
  if (isInMemory(database)) return run();
  const name = nameOf(sql);
  const isChosen = !isOver && fault !== null && isMeant(fault, name);
  writeSync(3, `${JSON.stringify({ sql, chosen: isChosen ? name : null })}\n`);
  if (isChosen) isOver = true;
  if (isChosen && fault.when === "before") end();
  const result = run();
  if (isChosen && fault.when === "after") end();
  return result;
}

const { exec, prepare } = Database.prototype;

Database.prototype.exec = function (sql) {
  return around(this, sql, () => exec.call(this, sql));
};

Database.prototype.prepare = function (sql) {
  const statement = prepare.call(this, sql);
  for (const name of ["all", "run"]) {
    const own = statement[name];
    statement[name] = (...values) => around(this, sql, () => own.apply(statement, values));
  }
  return statement;
};
