// Names for the moments of a run, so that the same one is known again in another run.
import { ids } from "./project.mjs";

/** What a run asks of the catalogue is no step, and changes nothing. */
const ofSteps =
  /ledger|counters|"?people|pairs|orders|aludel_(version|run_log|backfill|deploy)|advisory|indisvalid|sleep|\bchanges\(\)|holder|mood/;

export function isBoundary(sql) {
  return !/^(SELECT|WITH|PREPARE|EXECUTE)\b/.test(sql) || ofSteps.test(sql);
}

/** Without what is another one in every run: times, durations, processes. */
function lasting(sql) {
  return sql
    .replaceAll(/\d{4}-\d\d-\d\d[T ][\d:.]+Z?/g, "TIME")
    .replaceAll(/(?<!['\d.])\d+\.\d+/g, "N")
    .replaceAll(/'[0-9a-f-]{36}', \d+/g, "MARK")
    .replaceAll(/\s+/g, " ")
    .replace(/^.*(?:aludel_backfill|aludel_run_log|AS page|changed AS|rowid).*$/, (text) =>
      text.replaceAll(/(?<!\w)\d+/g, "N"),
    );
}

/**
 * Gives the statements of one run their names: the revision that is under way, the text, and which of this text it is there.
 * `applied` is where the database is when the run begins.
 */
export function boundaries(applied) {
  let at = ids.indexOf(applied) + 1;
  let seen = new Map();
  return (sql) => {
    const text = lasting(sql);
    const times = (seen.get(text) ?? 0) + 1;
    seen.set(text, times);
    const name = `${ids[at] ?? "end"} ${times} ${text}`;
    const [, next] = /version_num = '(\w+)' WHERE/.exec(sql) ?? [];
    if (next !== undefined) {
      at = ids.indexOf(next) + 1;
      seen = new Map();
    }
    return name;
  };
}

/** Whether a fault is meant to hit there: it has the `boundary` itself, or a `pattern` for it. */
export function isMeant({ boundary, pattern }, name) {
  return pattern === undefined ? name === boundary : new RegExp(pattern).test(name);
}
