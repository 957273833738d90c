import { uncommentedDomain } from "../op/domain.js";
import { addressOf } from "../schema/address.js";
import { sameData } from "../schema/equal.js";
import { nameOf, showName } from "../schema/name.js";
import type { Domain, DomainCheck } from "../schema/schema.js";
import { isContained } from "./rebuilt.js";
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

/**
 * Domains that cannot be changed in place: those of another type or collation; and those that become stricter, there or on the
 * way back, while values of them are in arrays, rows or ranges, which the engine does not look through (manual, ALTER DOMAIN).
 */
export function findReplacedDomains(work: Work): void {
  for (const [key, to] of work.to.domains) {
    const from = work.from.domains.get(key);
    if (from === undefined || from === to) continue;
    const retyped = !sameData([from.type, from.collation], [to.type, to.collation]);
    const stricter = () => !same(work, from, to) && (isStricter(from, to) || isStricter(to, from));
    if (retyped || (isContained(work, addressOf("domain", from)) && stricter())) {
      work.replacedDomains.add(key);
    }
  }
}

/** Domains that stay, come or go. Needs `replacedDomains`: the columns are moved over to those. */
export function diffDomains(work: Work): void {
  const { phases } = work;
  for (const [key, to] of work.to.domains) {
    const from = work.from.domains.get(key);
    if (from === undefined) {
      phases.types.push({ kind: "create-domain", domain: to });
      continue;
    }
    if (work.replacedDomains.has(key)) continue;
    if (!same(work, from, to)) alter(work, from, to);
    comments(work, from, to);
  }
  for (const [key, from] of work.from.domains) {
    if (!work.to.domains.has(key)) phases.dropTypes.push({ kind: "drop-domain", name: nameOf(from) });
  }
}

function alter(work: Work, from: Domain, to: Domain): void {
  work.phases.types.push({ kind: "alter-domain", domain: uncommentedDomain(to) });
  if (isStricter(from, to)) {
    work.warnings.push(
      `Domain ${showName(to)} becomes stricter: this fails when rows hold values that it no longer allows.`,
    );
  }
}

/** There is something that values have to be looked at for: NOT NULL, or a condition that is new, another one or valid only now. */
function isStricter(from: Domain, to: Domain): boolean {
  const known = new Map(from.checks.map((check) => [check.name, check]));
  const proved = ({ name, expression }: DomainCheck) =>
    known.get(name)?.validated === true && known.get(name)?.expression === expression;
  return to.checks.some((check) => check.validated && !proved(check)) || (from.nullable && !to.nullable);
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
