import { descendantsOf } from "../op/create-table.js";
import { addressOf, definedAddress, definedKey, readAddress } from "../schema/address.js";
import type { Address } from "../schema/dependency.js";
import { sameData } from "../schema/equal.js";
import { nameKey, type ObjectName, sameName } from "../schema/name.js";
import type { Column, Domain, Table } from "../schema/schema.js";
import { usersOf } from "./closure.js";
import type { Fate } from "./defined.js";
import type { Move, Work } from "./work.js";

interface Cause {
  readonly address: Address;
  readonly held: boolean;
}

/** Ranges and collations: there is no operation that gives them another name. */
const heldKinds = new Set(["range", "collation"]);

/**
 * Finds the types that are made anew because they cannot be changed in place, or stand on one that is, and the columns
 * that have them: fills `replacedDomains`, `replacedComposites`, `heldTypes` and `movedColumns`, and sets the fate of
 * ranges. Needs `replacedEnums`, and `replacedDomains` and `replacedComposites` with those that themselves change.
 */
export function findRebuilt(work: Work, fates: Map<string, Fate>): void {
  const { from } = work;
  const queue: Cause[] = [];
  for (const [key, domain] of from.domains) {
    if (work.replacedDomains.has(key)) queue.push({ address: addressOf("domain", domain), held: false });
  }
  for (const [key, composite] of from.composites) {
    if (work.replacedComposites.has(key))
      queue.push({ address: addressOf("composite", composite), held: false });
  }
  // What moves the columns of an enum over moves nothing that is made of it.
  for (const [key, type] of from.enums) {
    if (work.replacedEnums.has(key)) queue.push({ address: addressOf("enum", type), held: true });
  }
  for (const object of from.defined.values()) {
    if (!heldKinds.has(object.kind) || fates.get(definedKey(object)) !== "recreate") continue;
    queue.push({ address: definedAddress(object), held: true });
  }
  const retyped = [...retypedTables(work)];
  if (queue.length + retyped.length === 0) return;
  if (from.dependencies === undefined) {
    byName(work);
    return;
  }
  const users = usersOf(from.dependencies);
  // No column can be of the rows of a table while a column of that is converted.
  for (const table of retyped) {
    const address = addressOf("table", table);
    if (users.get(address)?.some(isOfRows)) queue.push({ address, held: true });
  }
  const seen = new Map<Address, boolean>();
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const before = seen.get(next.address);
    if (before === true || before === next.held) continue;
    const { held } = next;
    seen.set(next.address, held);
    for (const user of users.get(next.address) ?? []) {
      const cause = follow(work, fates, { address: user, held }, next.address);
      if (cause !== null) queue.push(cause);
    }
  }
  for (const [address, held] of seen) if (held) work.heldTypes.add(address);
}

/** What may be of the rows of a table. */
function isOfRows(address: Address): boolean {
  return ["column", "domain", "composite"].includes(readAddress(address).kind);
}

/** True when columns that are of the rows of the table, or of one under it, are held by `text` meanwhile. */
export function hasHeldRows({ from, heldTypes }: Work, name: ObjectName): boolean {
  const table = heldTypes.size === 0 ? undefined : from.tables.get(nameKey(name));
  if (table === undefined) return false;
  return [table, ...descendantsOf(from, table)].some((one) => heldTypes.has(addressOf("table", one)));
}

/** Tables that stay, and of which a column gets another type. */
function* retypedTables({ from, to }: Work): Generator<Table> {
  for (const [key, table] of from.tables) {
    const now = to.tables.get(key);
    if (now === undefined || now.columns === table.columns) continue;
    const types = new Map(now.columns.map(({ name, type }) => [name, type]));
    const isRetyped = ({ name, type }: Column) => types.has(name) && !sameData(types.get(name), type);
    if (table.columns.some(isRetyped)) yield table;
  }
}

/** What a user of a type that is made anew becomes; a type that is made anew with it comes back as a cause of its own. */
function follow(work: Work, fates: Map<string, Fate>, { address, held }: Cause, of: Address): Cause | null {
  const read = readAddress(address);
  if (read.kind === "column") {
    if (readAddress(of).kind !== "enum") moveColumn(work, read, held, of);
    return null;
  }
  if (read.kind === "domain" || read.kind === "composite") {
    const [now, replaced] =
      read.kind === "domain"
        ? [work.to.domains, work.replacedDomains]
        : [work.to.composites, work.replacedComposites];
    if (!now.has(nameKey(read.name))) return null;
    replaced.add(nameKey(read.name));
    return { address, held };
  }
  if (read.kind !== "defined") return null;
  const object = work.from.defined.get(read.key);
  if (object?.kind !== "range" || !work.to.defined.has(read.key)) return null;
  fates.set(read.key, "recreate");
  return { address, held: true };
}

function moveColumn(
  work: Work,
  { owner, part }: { readonly owner: Parameters<typeof nameKey>[0]; readonly part: string },
  held: boolean,
  of: Address,
): void {
  const key = nameKey(owner);
  const named = (column: Column) => column.name === part;
  const before = work.from.tables.get(key)?.columns.find(named);
  const after = work.to.tables.get(key)?.columns.find(named);
  // One that gets another type leaves the old one by that.
  if (before === undefined || after === undefined || !sameData(before.type, after.type)) return;
  const cause = readAddress(of);
  const isCollation = cause.kind === "defined" && work.from.defined.get(cause.key)?.kind === "collation";
  if (isCollation && !sameData(before.collation, after.collation)) return;
  const move: Move = isCollation ? "held-collation" : held ? "held" : "aside";
  const moves = work.movedColumns.get(key) ?? new Map<string, Move>();
  if (move === "aside" && moves.has(part)) return;
  if (move === "held-collation" && moves.get(part) === "held") return;
  moves.set(part, move);
  work.movedColumns.set(key, moves);
}

/** Where no engine says what stands on what, the names of types do. */
function byName(work: Work): void {
  const replaced = [...work.replacedDomains].map((key) => work.from.domains.get(key));
  const types: readonly Domain[] = replaced.filter((domain) => domain !== undefined);
  for (const table of work.from.tables.values()) {
    for (const column of table.columns) {
      const type = types.find((one) => sameName(one, column.type));
      if (type !== undefined)
        moveColumn(work, { owner: table, part: column.name }, false, addressOf("domain", type));
    }
  }
}

/** True when a table has a column that is of the type, or of a type that stands on it, as far as the engine knows. */
export function hasColumns(work: Work, type: Address): boolean {
  return columnsOver(work, type, false);
}

/** True when a table has a column of arrays, rows or ranges of the type, as far as the engine knows. */
export function isContained(work: Work, type: Address): boolean {
  return columnsOver(work, type, true);
}

function columnsOver({ from }: Work, type: Address, contained: boolean): boolean {
  if (from.dependencies === undefined) return false;
  const users = usersOf(from.dependencies);
  const within = new Map<Address, boolean>([[type, false]]);
  for (const [address, inside] of within) {
    for (const user of users.get(address) ?? []) {
      const read = readAddress(user);
      if (read.kind === "column") {
        const column = from.tables.get(nameKey(read.owner))?.columns.find((one) => one.name === read.part);
        if (column !== undefined && (!contained || inside || column.type.dimensions > 0)) return true;
        continue;
      }
      const isRange = read.kind === "defined" && from.defined.get(read.key)?.kind === "range";
      if (read.kind !== "domain" && read.kind !== "composite" && !isRange) continue;
      const arrays =
        read.kind === "domain" && (from.domains.get(nameKey(read.name))?.type.dimensions ?? 0) > 0;
      // A domain of a domain contains nothing.
      if (!within.get(user)) within.set(user, inside || read.kind !== "domain" || arrays);
    }
  }
  return false;
}
