import type { ActKind } from "../effect/act.js";
import type { DialectName } from "../schema/name.js";
import type { Writer } from "./comment/directive.js";
import type { Rule } from "./rule.js";

/** The rules of one way of revisions, by what they are asked about. */
export interface AskedRules {
  readonly byAct: ReadonlyMap<ActKind, readonly Rule[]>;
  readonly ofStatements: readonly Rule[];
  readonly ofRevisions: readonly Rule[];
}

/** The rules that are on, for each way. */
export type RuleSet = Readonly<Record<"upgrade" | "downgrade", AskedRules>>;

/** Those of the rules that an engine, one of the server's versions and the configuration leave. */
export function ruleSet(
  rules: readonly Rule[],
  asked: {
    readonly dialect: DialectName;
    readonly serverVersion: number;
    readonly isOn: (rule: Rule) => boolean;
  },
): RuleSet {
  const applicable = rules.filter(
    (rule) =>
      (rule.dialects === "all" || rule.dialects.includes(asked.dialect)) &&
      asked.serverVersion >= (rule.since ?? 0) &&
      asked.serverVersion <= (rule.until ?? Number.POSITIVE_INFINITY) &&
      asked.isOn(rule),
  );
  return { upgrade: askedFor(applicable, "upgrade"), downgrade: askedFor(applicable, "downgrade") };
}

function askedFor(rules: readonly Rule[], direction: "upgrade" | "downgrade"): AskedRules {
  const own = rules.filter(({ directions }) => directions === undefined || directions === direction);
  const byAct = new Map<ActKind, Rule[]>();
  for (const rule of own) {
    for (const kind of Object.keys(rule.on ?? {}) as ActKind[]) {
      const others = byAct.get(kind);
      if (others === undefined) byAct.set(kind, [rule]);
      else others.push(rule);
    }
  }
  return {
    byAct,
    ofStatements: own.filter(({ statement }) => statement !== undefined),
    ofRevisions: own.filter(({ revision }) => revision !== undefined),
  };
}

/** Atlas's names of classes, by the codes that belong to them. */
const atlasClasses: Readonly<Record<string, string>> = {
  destructive: "DS",
  data_depend: "MF",
  incompatible: "BC",
  concurrent_index: "PG10",
  condrop: "CD",
  naming: "NM",
  nestedtx: "TX",
  nonlinear: "NL",
};

/** Ids of the rules that a tool's name stands for; none for a name that we have nothing for. */
export function rulesNamed(rules: readonly Rule[], writer: Writer, name: string): readonly string[] {
  const wanted = name.toLowerCase();
  if (writer === "aludel") return rules.filter(({ id }) => id === wanted).map(({ id }) => id);
  const start = writer === "atlas" ? (atlasClasses[wanted] ?? name).toLowerCase() : null;
  const isNamed = (alias: string) =>
    start === null ? alias.toLowerCase() === wanted : alias.toLowerCase().startsWith(start);
  return rules.filter(({ aliases }) => aliases[writer]?.some(isNamed)).map(({ id }) => id);
}
