// What has to be so when a deploy has come to its end, whatever happened on the way.
import { ids, orders, pairs, people, steps } from "./project.mjs";

/** Questions whose answer must be one row of `true` (1 on SQLite), with what they ask. */
const truths = {
  "every person is there": `SELECT count(*) = ${people} AS ok FROM people`,
  "every person has the right names": `SELECT count(*) = ${people} AS ok FROM people WHERE full_name = 'first ' || id || ' last ' || id AND mood = 'good'`,
  "every UPDATE of all people ran once": `SELECT count(*) = ${people} AS ok FROM people WHERE touched = 3`,
  "every backfill wrote every person once": `SELECT count(*) = ${people} AS ok FROM people WHERE writes = 2`,
  "the backfill wrote every pair once": `SELECT count(*) = ${pairs} AS ok FROM pairs WHERE writes = 1 AND total = a + b`,
  "every order is there once": `SELECT count(*) = ${orders} AS ok FROM orders WHERE state = 'new'`,
  "every backfill is done": `SELECT count(*) = 3 AS ok FROM aludel_backfill WHERE state = 'done'`,
  "every backfill knows how many rows it wrote": `SELECT sum(written) = ${people + people + pairs} AS ok FROM aludel_backfill`,
};

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** Everything that is not as it should be, a sentence each. `reference` is the catalogue of the target, if it is known. */
export async function violations(engine, reference) {
  const found = [];
  for (const [what, sql] of Object.entries(truths)) {
    const [row] = await engine.ask(sql);
    if (row?.ok !== true && Number(row?.ok) !== 1) found.push(`not so: ${what}`);
  }
  const ledger = await engine.ask("SELECT step, count(*) AS n FROM ledger GROUP BY step ORDER BY step");
  const counters = await engine.ask("SELECT step, n FROM counters ORDER BY step");
  for (const [name, rows] of Object.entries({ ledger, counters })) {
    const times = new Map(rows.map(({ step, n }) => [step, Number(n)]));
    for (const step of steps)
      if (times.get(step) !== 1) found.push(`${name}: step ${step} ran ${times.get(step) ?? 0} times`);
  }
  const catalogue = await engine.catalogue();
  for (const line of catalogue.filter((one) => /valid f|ready f/.test(one))) found.push(`invalid: ${line}`);
  const target = reference ?? catalogue;
  for (const line of target.filter((one) => !catalogue.includes(one))) found.push(`missing: ${line}`);
  for (const line of catalogue.filter((one) => !target.includes(one))) found.push(`too much: ${line}`);
  return [...found, ...(await ofTheBooks(engine))];
}

/** The version table, the run log and the table of deploys tell one story. */
async function ofTheBooks(engine) {
  const found = [];
  const versions = await engine.ask("SELECT version_num FROM aludel_version");
  if (!same(versions, [{ version_num: ids.at(-1) }]))
    found.push(`version table: ${JSON.stringify(versions)}`);
  const log = await engine.ask(
    "SELECT revision, direction, result, statements_done FROM aludel_run_log ORDER BY id",
  );
  const succeeded = log.filter(({ result }) => result === "succeeded").map(({ revision }) => revision);
  if (!same(succeeded, ids)) found.push(`succeeded, by the run log: ${succeeded.join(", ")}`);
  for (const id of ids) {
    const last = log.filter(({ revision }) => revision === id).at(-1);
    if (last?.result !== "succeeded") found.push(`run log: the last line of ${id} is ${last?.result}`);
  }
  const [deploy] = await engine.ask("SELECT result, smoke FROM aludel_deploy ORDER BY id DESC LIMIT 1");
  if (deploy?.result !== "succeeded" || deploy.smoke === null) found.push("the last deploy is not recorded");
  return found;
}
