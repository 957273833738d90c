import { nameKey, nameOf, type ObjectName, showName } from "../schema/name.js";
import type { Domain, Schema } from "../schema/schema.js";
import { existing, requireFreeType } from "./lookup.js";
import type { Op, OpDefinitions } from "./op.js";
import { followRenamedType } from "./rewrite-type.js";

function domainOf(schema: Schema, name: ObjectName): Domain {
  return existing(schema.domains, name, "domain");
}

/** Conditions with the comments that those of the same name had: an alteration leaves comments alone. */
function withComments(domain: Domain, old: Domain): Domain {
  const comments = new Map(old.checks.map((check) => [check.name, check.comment]));
  const checks = domain.checks.map((check) => ({ ...check, comment: comments.get(check.name) ?? null }));
  return { ...domain, checks, comment: old.comment };
}

/** As an alteration says it: without the comments, which have ops of their own. */
export function uncommentedDomain(domain: Domain): Domain {
  return { ...domain, checks: domain.checks.map((check) => ({ ...check, comment: null })), comment: null };
}

/** The comments on conditions that come back. */
function restoredComments(old: Domain, now: Domain): readonly Op[] {
  const kept = new Set(now.checks.map(({ name }) => name));
  return old.checks.flatMap(({ name, comment }): readonly Op[] => {
    if (comment === null || kept.has(name)) return [];
    return [{ kind: "set-comment", target: { on: "domain-check", table: nameOf(old), name }, comment }];
  });
}

export const domainDefinitions = {
  "create-domain": {
    effect: () => "additive",
    apply(draft, { domain }) {
      requireFreeType(draft, domain);
      draft.domains.set(nameKey(domain), domain);
    },
    invert: (_before, { domain }) => ({ ops: [{ kind: "drop-domain", name: nameOf(domain) }] }),
    describe: ({ domain }) => `create domain ${showName(domain)}`,
  },

  "drop-domain": {
    effect: () => "destructive",
    apply(draft, { name, ifExists }) {
      if (ifExists && !draft.domains.has(nameKey(name))) return;
      domainOf(draft, name);
      draft.domains.delete(nameKey(name));
    },
    invert(before, { name }) {
      const domain = before.domains.get(nameKey(name));
      return { ops: domain === undefined ? [] : [{ kind: "create-domain", domain }] };
    },
    describe: ({ name }) => `drop domain ${showName(name)}`,
  },

  "rename-domain": {
    effect: () => "narrowing",
    apply(draft, { name, to }) {
      const old = domainOf(draft, name);
      const renamed = { ...old, name: to };
      requireFreeType(draft, renamed);
      draft.domains.delete(nameKey(old));
      draft.domains.set(nameKey(renamed), renamed);
      followRenamedType(draft, old, to);
    },
    invert: (_before, { name, to }) => ({
      ops: [{ kind: "rename-domain", name: { namespace: name.namespace, name: to }, to: name.name }],
    }),
    describe: ({ name, to }) => `rename domain ${showName(name)} to ${to}`,
  },

  "alter-domain": {
    effect(op, before) {
      const old = domainOf(before, op.domain);
      const known = new Set(old.checks.map((check) => check.name));
      const narrows =
        (old.nullable && !op.domain.nullable) || op.domain.checks.some((check) => !known.has(check.name));
      return narrows ? "narrowing" : "widening";
    },
    apply(draft, { domain }) {
      const old = domainOf(draft, domain);
      draft.domains.set(nameKey(domain), withComments(domain, old));
    },
    invert(before, { domain }) {
      const old = domainOf(before, domain);
      return {
        ops: [{ kind: "alter-domain", domain: uncommentedDomain(old) }, ...restoredComments(old, domain)],
      };
    },
    describe: ({ domain }) => `alter domain ${showName(domain)}`,
  },
} satisfies Pick<OpDefinitions, "create-domain" | "drop-domain" | "rename-domain" | "alter-domain">;
