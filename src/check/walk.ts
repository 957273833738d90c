import { asksForGrants } from "../config/grants.js";
import type { Connection } from "../dialect/connection.js";
import type { Scratch } from "../dialect/dialect.js";
import { closure } from "../revision/graph/closure.js";
import type { Revision } from "../revision/revision.js";
import { applyHistory } from "../run/apply-history.js";
import { ownTables, type Project } from "../run/project.js";
import { standsOn } from "../run/repeatables.js";
import { historyOf, type Replayed } from "../run/replay.js";
import type { Schema } from "../schema/schema.js";
import type { FillMemory } from "./rows/fill.js";

/**
 * A scratch database that goes up the history from one revision to be proved to the next. As long as what it has is part
 * of the next one's history it stays as it is, with its rows; otherwise a new one begins at the base.
 */
export class Walk {
  readonly project: Project;
  readonly #open: () => Promise<Scratch>;
  #scratch: Scratch | null = null;
  #applied = new Set<string>();
  #dirty = false;
  /** Which tables have rows of the proof. */
  memory: FillMemory = new Map();
  description = "";

  /** `begun`: a scratch database that has run some revisions and nothing else; the walk disposes of it. */
  constructor(project: Project, open: () => Promise<Scratch>, begun: Replayed | null = null) {
    this.project = project;
    this.#open = open;
    if (begun === null) return;
    this.#scratch = begun.scratch;
    this.#applied = new Set(begun.revisions);
    this.description = begun.scratch.description;
  }

  get scratch(): Scratch {
    if (this.#scratch === null) throw new Error("The walk has not begun");
    return this.#scratch;
  }

  get connection(): Connection {
    return this.scratch.connection;
  }

  /** True when the database has nothing that the revision's history has not; other repeatable revisions are beside it. */
  fits(revision: Revision): boolean {
    const history = new Set(closure(this.project.graph, this.#required(revision)));
    if (revision.repeatable === true) for (const { id } of this.project.repeatables) history.add(id);
    return !this.#dirty && [...this.#applied].every((id) => history.has(id));
  }

  /** Brings the database to where the revision starts. */
  async goBefore(revision: Revision): Promise<void> {
    if (this.#scratch === null || !this.fits(revision)) await this.#restart();
    const needed = historyOf(this.project, this.#required(revision));
    const after = revision.repeatable === true ? standsOn(this.project, revision).repeatables : [];
    const missing = [...needed, ...after].filter(({ id }) => !this.#applied.has(id));
    await applyHistory(this.project, this.connection, missing, "upgrade");
    for (const { id } of missing) this.#applied.add(id);
  }

  /** The revision is in the database now. */
  pass(revision: Revision): void {
    this.#applied.add(revision.id);
  }

  /** Takes the revision away again; false when the database is then not where it was. */
  async stepBack(revision: Revision): Promise<boolean> {
    if (this.#dirty) return false;
    try {
      await applyHistory(this.project, this.connection, [revision], "downgrade");
      this.#applied.delete(revision.id);
      return true;
    } catch {
      this.spoil();
      return false;
    }
  }

  /** The database is not where its revisions say, or has rows that must not be there: the next one begins anew. */
  spoil(): void {
    this.#dirty = true;
  }

  inspect(): Promise<Schema> {
    return this.project.dialect.inspect(this.connection, {
      namespaces: "all",
      ignoreTables: ownTables(this.project.config),
      grants: asksForGrants(this.project.config.filters),
    });
  }

  async dispose(): Promise<void> {
    const scratch = this.#scratch;
    this.#scratch = null;
    await scratch?.dispose();
  }

  #required(revision: Revision): readonly string[] {
    if (revision.repeatable === true) return standsOn(this.project, revision).ids;
    return (this.project.graph.nodes.get(revision.id)?.requires ?? []).map(({ id }) => id);
  }

  async #restart(): Promise<void> {
    await this.dispose();
    this.#scratch = await this.#open();
    this.description = this.#scratch.description;
    this.#applied = new Set();
    this.#dirty = false;
    this.memory = new Map();
  }
}
