import { createHash } from "node:crypto";
import type { Activity } from "../dialect/activity.js";
import type { DatabaseIdentity, TableSize } from "../dialect/dialect.js";
import type { AnalysedStatement } from "../effect/statement.js";
import type { Finding } from "../lint/finding.js";
import type { Revision } from "../revision/revision.js";
import type { DialectName } from "../schema/name.js";
import type { GoingRead } from "./contract/going.js";
import type { WayBack } from "./way-back.js";

/** A revision that would run. */
export interface PlannedRevision {
  readonly revision: Revision;
  readonly statements: readonly AnalysedStatement[];
  /** What it destroys, approved or not. */
  readonly destroys: readonly Finding[];
  /** What code that is deployed now would not survive. */
  readonly breaks: readonly Finding[];
  /** What else the linter has against it. */
  readonly others: readonly Finding[];
  readonly wayBack: WayBack;
}

/** What an upgrade of a database would do, and what it would meet. */
export interface Plan {
  readonly environment: string;
  /** The URL without its password. */
  readonly target: string;
  readonly server: string;
  readonly dialect: DialectName;
  /** Where the database is. */
  readonly rows: readonly string[];
  readonly revisions: readonly PlannedRevision[];
  /** Of the tables that the statements lock, by `schema.table`. */
  readonly sizes: ReadonlyMap<string, TableSize>;
  /** What would go, and how often it is read, as far as the server counts. */
  readonly reads: readonly GoingRead[];
  /** `null` where the engine does not tell. */
  readonly activity: Activity | null;
  /** Names this plan of this database, and no other. */
  readonly token: string;
}

/**
 * A word for what would run, where. It is another one as soon as the database is elsewhere, or a revision has another
 * text: who has read a plan can approve that, and nothing else.
 */
export function planToken(
  identity: DatabaseIdentity,
  rows: readonly string[],
  steps: readonly { readonly revision: Pick<Revision, "id" | "checksum"> }[],
): string {
  const named = [
    [identity.host, identity.database, identity.systemIdentifier],
    [...rows].sort(),
    steps.map(({ revision: { id, checksum } }) => [id, checksum]),
  ];
  return createHash("sha256").update(JSON.stringify(named)).digest("hex").slice(0, 16);
}

/**
 * Whether what would run now is the rest of a plan, the first of whose revisions have run meanwhile: another runner had the
 * same plan, or the server has ended what an earlier one had asked for. All of it was read by whoever read the plan.
 */
export function isRestOf(
  plan: Pick<Plan, "rows" | "revisions">,
  rows: readonly string[],
  steps: readonly { readonly revision: Pick<Revision, "id" | "checksum"> }[],
): boolean {
  const done = plan.revisions.length - steps.length;
  if (done <= 0) return false;
  const known = new Set([...plan.rows, ...plan.revisions.slice(0, done).map(({ revision }) => revision.id)]);
  return (
    rows.every((id) => known.has(id)) &&
    steps.every(({ revision: { id, checksum } }, at) => {
      const planned = plan.revisions[done + at]?.revision;
      return planned?.id === id && planned.checksum === checksum;
    })
  );
}

/** Findings of a revision, by what they mean for a deploy. What was approved destroys no less. */
export function sortedFindings(
  findings: readonly Finding[],
  id: string,
  destructive: ReadonlySet<string>,
): Pick<PlannedRevision, "destroys" | "breaks" | "others"> {
  const own = findings.filter(({ revision, direction }) => revision === id && direction === "upgrade");
  const destroys = own.filter((one) => isDestruction(one, destructive));
  const breaks = own.filter((one) => one.group === "compatibility");
  const told = new Set([...destroys, ...breaks]);
  return { destroys, breaks, others: own.filter((one) => !told.has(one) && one.suppressed === null) };
}

/** Of what can be approved as destructive, some only takes a rule away, and is no more than a remark. */
function isDestruction({ rule, severity }: Finding, destructive: ReadonlySet<string>): boolean {
  return destructive.has(rule) && severity !== "info";
}
