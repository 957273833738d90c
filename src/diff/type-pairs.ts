import { sameFamily } from "../op/type-change.js";
import { sameData } from "../schema/equal.js";
import { nameOf, type ObjectName } from "../schema/name.js";
import type { Composite, Domain } from "../schema/schema.js";
import type { Place, PlaceKind } from "./contract.js";
import { similarity } from "./similarity.js";
import type { Work } from "./work.js";

/** A thing that goes and one that comes, with how sure it looks that they are one, from 0 to 1. */
export interface Pair {
  readonly from: Place;
  readonly to: Place;
  readonly score: number;
}

/** What only the first map has. */
export function difference<V>(a: ReadonlyMap<string, V>, b: ReadonlyMap<string, V>): readonly V[] {
  return [...a].filter(([key]) => !b.has(key)).map(([, value]) => value);
}

/** Every object that goes with every one that comes in the same namespace. */
export function pairObjects<T extends ObjectName>(
  kind: PlaceKind,
  from: ReadonlyMap<string, T>,
  to: ReadonlyMap<string, T>,
  score: (a: T, b: T) => number,
): readonly Pair[] {
  const added = difference(to, from);
  const place = (object: T): Place => ({ kind, object: nameOf(object), member: null });
  return difference(from, to).flatMap((a) =>
    added
      .filter((b) => a.namespace === b.namespace)
      .map((b) => ({ from: place(a), to: place(b), score: score(a, b) }))
      .filter((pair) => pair.score > 0),
  );
}

/** The same type, and the same conditions or a like name. */
function scoreDomains(a: Domain, b: Domain): number {
  if (!sameData(a.type, b.type) || !sameData(a.collation, b.collation)) return 0;
  const texts = (domain: Domain) => domain.checks.map((check) => check.expression).sort();
  const checks = a.checks.length > 0 && sameData(texts(a), texts(b));
  const name = similarity(a.name, b.name);
  return checks || name >= 0.4 ? 0.3 + (checks ? 0.4 : 0) + 0.3 * name : 0;
}

/** Half of the attributes in common by name and type, or some of them under a like name. */
function scoreComposites(a: Composite, b: Composite): number {
  const common = a.attributes.filter((one) =>
    b.attributes.some((other) => one.name === other.name && sameData(one.type, other.type)),
  ).length;
  const share = common / (a.attributes.length + b.attributes.length - common || 1);
  const name = similarity(a.name, b.name);
  return share >= 0.5 || (share > 0 && name >= 0.5) ? 0.7 * share + 0.3 * name : 0;
}

/** Attributes of one type, or of kindred ones under a like name: to be wrong is to lose their values. */
function attributePairs(from: Composite, to: Composite): readonly Pair[] {
  if (from === to) return [];
  const missing = (a: Composite, b: Composite) =>
    a.attributes.filter((one) => !b.attributes.some((other) => other.name === one.name));
  const added = missing(to, from);
  const place = (member: string): Place => ({ kind: "attribute", object: nameOf(to), member });
  return missing(from, to).flatMap((a) =>
    added.flatMap((b) => {
      const name = similarity(a.name, b.name);
      const same = sameData(a.type, b.type);
      if (!same && !(sameFamily(a.type, b.type) && name >= 0.4)) return [];
      return [{ from: place(a.name), to: place(b.name), score: (same ? 0.6 : 0.3) + 0.4 * name }];
    }),
  );
}

/** Domains and composite types that look renamed, and attributes of composite types. */
export function typePairs({ from, to }: Work): readonly Pair[] {
  const pairs = [
    ...pairObjects("domain", from.domains, to.domains, scoreDomains),
    ...pairObjects("composite", from.composites, to.composites, scoreComposites),
  ];
  for (const [key, composite] of to.composites) {
    const old = from.composites.get(key);
    if (old !== undefined) pairs.push(...attributePairs(old, composite));
  }
  return pairs;
}
