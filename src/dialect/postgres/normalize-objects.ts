import type { Composite, Defined, Domain } from "../../schema/schema.js";
import { normalizeCollation } from "./collation.js";
import { madeName } from "./quote.js";
import { trimExpression } from "./token.js";
import { normalizeType } from "./types.js";

/** Conditions in the order of their names; a default that is only NULL is none (CREATE DOMAIN in the manual). */
export function normalizeDomain(domain: Domain): Domain {
  const { notNullName, ...rest } = domain;
  const usual = notNullName === undefined || domain.nullable || notNullName === usualNotNull(domain.name);
  const none = domain.default !== null && /^null$/i.test(trimExpression(domain.default));
  return {
    ...rest,
    ...(usual ? {} : { notNullName }),
    type: normalizeType(domain.type),
    default: none ? null : domain.default,
    collation: normalizeCollation(domain.collation),
    checks: [...domain.checks].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)),
  };
}

/** The name that the engine gives the NOT NULL of a domain (`ChooseConstraintName` of the server). */
export function usualNotNull(domain: string): string {
  return madeName(domain, null, "not_null");
}

export function normalizeComposite(composite: Composite): Composite {
  return {
    ...composite,
    attributes: composite.attributes.map((attribute) => ({
      ...attribute,
      type: normalizeType(attribute.type),
      collation: normalizeCollation(attribute.collation),
    })),
  };
}

/** The statement without OR REPLACE and without what ends it. */
export function normalizeDefined(object: Defined): Defined {
  return {
    ...object,
    definition: statementText(object.definition).replace(/^(create)\s+or\s+replace\s+/i, "$1 "),
    settings: object.settings.map(statementText),
  };
}

function statementText(sql: string): string {
  return sql.replace(/^\s+|[\s;]+$/g, "");
}
