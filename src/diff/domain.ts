import { uncommentedDomain } from "../op/domain.js";
import type { Op } from "../op/op.js";
import { sameData } from "../schema/equal.js";
import { nameKey, nameOf, sameName, showName } from "../schema/name.js";
import type { Domain } from "../schema/schema.js";
import { commentDiffers, sameTexts, type Work } from "./work.js";

function texts(domain: Domain): readonly (string | null)[] {
  const checks = [...domain.checks].sort((a, b) => (a.name < b.name ? -1 : 1));
  return [domain.default, ...checks.map((check) => check.expression)];
}

/** What an ALTER DOMAIN can change, the texts left out. */
function alterable({ nullable, checks }: Domain): unknown {
  const bare = checks.map(({ name, validated }) => ({ name, validated }));
  return { nullable, checks: bare.sort((a, b) => (a.name < b.name ? -1 : 1)) };
}

function same(work: Work, from: Domain, to: Domain): boolean {
  if (from === to) return true;
  if (!sameData(alterable(from), alterable(to))) return false;
  return sameTexts(work, { object: to, part: "domain", name: "" }, texts(from), texts(to));
}

/** Domains. Another type or collation needs a new domain, which the columns are moved over to. */
export function diffDomains(work: Work): void {
  const { phases } = work;
  for (const [key, to] of work.to.domains) {
    const from = work.from.domains.get(key);
    if (from === undefined) {
      phases.types.push({ kind: "create-domain", domain: to });
      continue;
    }
    if (!sameData([from.type, from.collation], [to.type, to.collation])) {
      work.replacedDomains.add(key);
      continue;
    }
    if (!same(work, from, to)) alter(work, from, to);
    comments(work, from, to);
  }
  for (const [key, from] of work.from.domains) {
    if (!work.to.domains.has(key)) phases.dropTypes.push({ kind: "drop-domain", name: nameOf(from) });
  }
}

function alter(work: Work, from: Domain, to: Domain): void {
  work.phases.types.push({ kind: "alter-domain", domain: uncommentedDomain(to) });
  const known = new Set(from.checks.map((check) => check.name));
  const added = to.checks.filter((check) => check.validated && !known.has(check.name));
  if (added.length > 0 || (from.nullable && !to.nullable)) {
    work.warnings.push(
      `Domain ${showName(to)} becomes stricter: this fails when rows hold values that it no longer allows.`,
    );
  }
}

function comments(work: Work, from: Domain, to: Domain): void {
  if (commentDiffers(work, from, to)) {
    const target = { on: "domain", name: nameOf(to) } as const;
    work.phases.comments.push({ kind: "set-comment", target, comment: to.comment });
  }
  const old = new Map(from.checks.map((check) => [check.name, check]));
  for (const check of to.checks) {
    if (!commentDiffers(work, old.get(check.name) ?? { comment: null }, check)) continue;
    const target = { on: "domain-check", table: nameOf(to), name: check.name } as const;
    work.phases.comments.push({ kind: "set-comment", target, comment: check.comment });
  }
}

/**
 * The ops that put a new domain in the place of one of another type: the old one gets another name, the columns are
 * converted, and it goes. The converted columns are entered into `touched`; needs `touched` to be complete otherwise.
 */
export function replaceDomains(work: Work): void {
  for (const key of work.replacedDomains) {
    const [from, to] = [work.from.domains.get(key), work.to.domains.get(key)];
    if (from === undefined || to === undefined) continue;
    const aside = { namespace: from.namespace, name: asideName(work, from) };
    // Before new tables and columns, which are of the new one.
    work.phases.types.push({ kind: "rename-domain", name: nameOf(from), to: aside.name });
    work.phases.types.push({ kind: "create-domain", domain: to });
    for (const [tableKey, table] of work.from.tables) {
      const now = work.to.tables.get(tableKey);
      for (const column of table.columns) {
        const stays = now?.columns.find((one) => one.name === column.name);
        if (!sameName(column.type, from) || stays === undefined || !sameName(stays.type, to)) continue;
        work.phases.replaceTypes.push(convert(work, table, stays));
      }
    }
    // After columns and tables that go with it.
    work.phases.dropTypes.push({ kind: "drop-domain", name: aside });
  }
}

function convert(
  work: Work,
  table: Parameters<typeof nameKey>[0],
  column: { name: string; type: Domain["type"] },
): Op {
  const using = work.options.castExpression?.(column.name, column.type, column.type);
  return {
    kind: "alter-column",
    table: nameOf(table),
    column: column.name,
    changes: { type: column.type, ...(using === undefined ? {} : { using }) },
  };
}

function asideName(work: Work, { namespace, name }: Domain): string {
  for (let number = 0; ; number++) {
    const aside = `${name.slice(0, 50)}_old${number === 0 ? "" : number}`;
    const key = nameKey({ namespace, name: aside });
    const { tables, views, enums, domains, composites } = work.from;
    if ([tables, views, enums, domains, composites, work.to.domains].every((map) => !map.has(key)))
      return aside;
  }
}

/** Columns of a domain that is made anew change their type, though not its name. */
export function isReplacedDomain(work: Work, type: Domain["type"]): boolean {
  return work.replacedDomains.size > 0 && work.replacedDomains.has(nameKey(type));
}
