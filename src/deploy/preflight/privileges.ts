import type { Act } from "../../effect/act.js";
import { type ObjectName, showName } from "../../schema/name.js";
import type { Answer, Preflight } from "./check.js";

/** The user may do what would be done, as far as the statements tell. */
export async function privilegesCheck({ project, connection, plan }: Preflight): Promise<Answer> {
  const { dialect, config } = project;
  if (dialect.missingPrivileges === undefined) {
    return { verdict: "skipped", told: "the engine has no users" };
  }
  if (plan.revisions.length === 0) return { verdict: "skipped", told: "nothing would run" };
  const acts = plan.revisions.flatMap(({ statements }) =>
    statements.flatMap((one) => [...one.acts, ...one.inner.flatMap((inner) => inner.acts)]),
  );
  const altered = new Map(acts.flatMap(alteredBy).map((name) => [showName(name), name]));
  const own = [config.versionTable, config.runLogTable, config.deployTable, config.stateTable];
  const makesIn = new Set([...acts.flatMap(madeBy), ...own].map(({ namespace }) => namespace));
  const missing = await dialect.missingPrivileges(connection, {
    altered: [...altered.values()],
    makesIn: [...makesIn],
  });
  if (missing.length === 0) {
    return {
      verdict: "passed",
      told: `the user may make tables, and owns what is altered (${altered.size === 0 ? "no table" : [...altered.keys()].join(", ")})`,
    };
  }
  return {
    verdict: "failed",
    told: "The user may not do what would be done",
    details: missing,
    remedy: "Deploy as the owner, or make the user a member of it: GRANT owner TO user.",
  };
}

/** What is renamed by its table's owner only; `act.name` is that table then. */
const ofTable: ReadonlySet<string> = new Set(["table", "column", "constraint"]);

/** Tables that only their owner may do this to. */
function alteredBy(act: Act): readonly ObjectName[] {
  if ("ifTableExists" in act && act.on === "table") return [act.table];
  if (act.kind === "create-index" || act.kind === "create-policy" || act.kind === "create-rule")
    return [act.table];
  // ALTER TABLE … RENAME, of the table or of something in it; and what is moved to another schema.
  if ((act.kind === "rename" || act.kind === "set-schema") && ofTable.has(act.object)) return [act.name];
  return act.kind === "drop" && act.object === "table" ? act.names : [];
}

function madeBy(act: Act): readonly ObjectName[] {
  if (act.kind === "create-table" || act.kind === "create-table-as")
    return act.temporary === true ? [] : [act.name];
  if (act.kind === "create-view" || act.kind === "create-sequence") return act.temporary ? [] : [act.name];
  return act.kind === "create-index" ? [act.table] : [];
}
