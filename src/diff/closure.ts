import {
  addressOf,
  definedAddress,
  definedKey,
  partAddress,
  type ReadAddress,
  readAddress,
} from "../schema/address.js";
import type { Address, Dependencies } from "../schema/dependency.js";
import { nameKey } from "../schema/name.js";
import { touchedOf, type Work } from "./work.js";

/** What has to go and come again, although it stays as it is, because what it stands on changes. */
export interface InTheWay {
  /** Keys of views. */
  readonly views: ReadonlySet<string>;
  /** Keys of defined objects, those that themselves change left in. */
  readonly defined: ReadonlySet<string>;
  /** Addresses of policies, defaults, constraints and indexes. */
  readonly parts: ReadonlySet<Address>;
}

const nothing: InTheWay = { views: new Set(), defined: new Set(), parts: new Set() };

/** What follows a change by itself. */
type MovedParts = ReadonlySet<ReadAddress["kind"]>;
const none: MovedParts = new Set();

/** The parts of tables that follow a change of their columns by themselves, or that the diff of tables deals with. */
const ofTables: MovedParts = new Set(["default", "constraint", "index", "column"]);

/** The op that replaces an enum moves these along. */
const ofTablesAndPolicies: MovedParts = new Set([...ofTables, "policy"]);

/**
 * Everything of the old schema that stands on `causes`, directly or not, as far as the engine knows
 * (`Schema.dependencies`); without it nothing. Parts of tables stand only in the way of what is not a column.
 */
export function standingOn(work: Work, causes: readonly Address[]): InTheWay {
  const { dependencies } = work.from;
  if (dependencies === undefined || causes.length === 0) return nothing;
  const users = usersOf(dependencies);
  const views = new Set<string>();
  const defined = new Set<string>();
  const parts = new Set<Address>();
  const seen = new Set<Address>(causes);
  const queue: { readonly address: Address; readonly moved: MovedParts }[] = causes.map((address) => ({
    address,
    moved: movedParts(work, address),
  }));
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    for (const user of users.get(next.address) ?? []) {
      if (seen.has(user)) continue;
      const read = readAddress(user);
      if (next.moved.has(read.kind)) continue;
      if (read.kind === "view") views.add(nameKey(read.name));
      else if (read.kind === "defined") defined.add(read.key);
      else if (read.kind === "policy" || ofTables.has(read.kind)) parts.add(user);
      else continue;
      seen.add(user);
      queue.push({ address: user, moved: none });
    }
  }
  return { views, defined, parts };
}

/** What stands on each address. */
export function usersOf(dependencies: Dependencies): ReadonlyMap<Address, readonly Address[]> {
  const users = new Map<Address, Address[]>();
  for (const [user, used] of dependencies) {
    for (const address of used) {
      const list = users.get(address);
      if (list === undefined) users.set(address, [user]);
      else list.push(user);
    }
  }
  return users;
}

function movedParts(work: Work, address: Address): MovedParts {
  const read = readAddress(address);
  if (read.kind === "column" || read.kind === "table") return ofTables;
  return read.kind === "enum" && work.replacedEnums.has(nameKey(read.name)) ? ofTablesAndPolicies : none;
}

/** Columns whose type changes or that go, and tables that go, by their addresses in the old schema. */
export function changedColumns(work: Work): readonly Address[] {
  const addresses: Address[] = [];
  for (const [key, table] of work.from.tables) {
    if (!work.to.tables.has(key)) {
      addresses.push(addressOf("table", table));
      for (const column of table.columns) addresses.push(partAddress("column", table, column.name));
      continue;
    }
    const { retyped, gone } = touchedOf(work, table);
    for (const name of [...retyped, ...gone]) addresses.push(partAddress("column", table, name));
  }
  return addresses;
}

/** Types that are made anew or go. */
export function changedTypes(work: Work): readonly Address[] {
  const { from, to } = work;
  const addresses: Address[] = [];
  for (const [key, type] of from.enums) {
    if (!to.enums.has(key) || work.replacedEnums.has(key)) addresses.push(addressOf("enum", type));
  }
  for (const [key, domain] of from.domains) {
    if (!to.domains.has(key) || work.replacedDomains.has(key)) addresses.push(addressOf("domain", domain));
  }
  for (const [key, composite] of from.composites) {
    if (!to.composites.has(key) || work.replacedComposites.has(key)) {
      addresses.push(addressOf("composite", composite));
    }
  }
  return addresses;
}

/** Defined objects that go, or that cannot be replaced by what they become. */
export function changedDefined(work: Work, recreated: ReadonlySet<string>): readonly Address[] {
  return [...work.from.defined.values()]
    .filter((object) => {
      const key = definedKey(object);
      return !work.to.defined.has(key) || recreated.has(key);
    })
    .map(definedAddress);
}
