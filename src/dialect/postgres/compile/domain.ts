import { nameKey } from "../../../schema/name.js";
import type { Domain, DomainCheck } from "../../../schema/schema.js";
import { step } from "../../step.js";
import { quoteIdentifier, quoteName } from "../quote.js";
import { trimExpression } from "../token.js";
import { formatType } from "../types.js";
import { commentStatement, domainCheckTarget } from "./comment.js";
import type { Group } from "./contract.js";

/** CREATE DOMAIN, ALTER DOMAIN and DROP DOMAIN of the manual. */
export const compileDomain: Group<"create-domain" | "drop-domain" | "rename-domain" | "alter-domain"> = {
  "create-domain": (op) => domainStatements(op.domain).map((sql) => step(sql, op)),
  "drop-domain": (op) => [step(`DROP DOMAIN ${op.ifExists ? "IF EXISTS " : ""}${quoteName(op.name)}`, op)],
  "rename-domain": (op) => [
    step(`ALTER DOMAIN ${quoteName(op.name)} RENAME TO ${quoteIdentifier(op.to)}`, op),
  ],
  "alter-domain": (op, { before }) => {
    const old = before.domains.get(nameKey(op.domain));
    return old === undefined ? [] : alterStatements(old, op.domain).map((sql) => step(sql, op));
  },
};

function checkClause(check: DomainCheck): string {
  return `CONSTRAINT ${quoteIdentifier(check.name)} CHECK (${trimExpression(check.expression)})`;
}

function notNullClause(domain: Domain): string {
  const name = domain.notNullName === undefined ? "" : `CONSTRAINT ${quoteIdentifier(domain.notNullName)} `;
  return `${name}NOT NULL`;
}

/** CREATE DOMAIN knows no NOT VALID: such conditions are added after it. */
export function domainStatements(domain: Domain): readonly string[] {
  const name = quoteName(domain);
  const parts = [`CREATE DOMAIN ${name} AS ${formatType(domain.type)}`];
  if (domain.collation !== null) parts.push(`COLLATE ${quoteName(domain.collation)}`);
  if (domain.default !== null) parts.push(`DEFAULT ${domain.default}`);
  if (!domain.nullable) parts.push(notNullClause(domain));
  parts.push(...domain.checks.filter((check) => check.validated).map(checkClause));
  const later = domain.checks.filter((check) => !check.validated);
  return [
    parts.join(" "),
    ...later.map((check) => `ALTER DOMAIN ${name} ADD ${checkClause(check)} NOT VALID`),
    ...(domain.comment === null ? [] : [commentStatement(`DOMAIN ${name}`, domain.comment)]),
    ...domain.checks.flatMap((check) =>
      check.comment === null ? [] : [commentStatement(domainCheckTarget(domain, check.name), check.comment)],
    ),
  ];
}

function alterStatements(old: Domain, domain: Domain): readonly string[] {
  const head = `ALTER DOMAIN ${quoteName(domain)}`;
  const kept = new Map(domain.checks.map((check) => [check.name, check]));
  const known = new Map(old.checks.map((check) => [check.name, check]));
  const same = (a: DomainCheck, b: DomainCheck) => a.expression === b.expression;
  const gone = old.checks.filter((check) => {
    const now = kept.get(check.name);
    return now === undefined || !same(check, now) || (check.validated && !now.validated);
  });
  const stays = (check: DomainCheck) => !gone.some((one) => one.name === check.name) && known.has(check.name);
  const added = domain.checks.filter((check) => !stays(check));
  const validated = domain.checks.filter(
    (check) => stays(check) && check.validated && known.get(check.name)?.validated === false,
  );
  return [
    ...gone.map((check) => `${head} DROP CONSTRAINT ${quoteIdentifier(check.name)}`),
    ...(old.default === domain.default
      ? []
      : [`${head} ${domain.default === null ? "DROP DEFAULT" : `SET DEFAULT ${domain.default}`}`]),
    ...(old.nullable === domain.nullable ? [] : [`${head} ${domain.nullable ? "DROP" : "SET"} NOT NULL`]),
    ...added.map((check) => `${head} ADD ${checkClause(check)}${check.validated ? "" : " NOT VALID"}`),
    ...validated.map((check) => `${head} VALIDATE CONSTRAINT ${quoteIdentifier(check.name)}`),
    // One that is made anew under its name keeps its comment, which went with the old one.
    ...added.flatMap(({ name }) => {
      const comment = known.get(name)?.comment ?? null;
      return comment === null ? [] : [commentStatement(domainCheckTarget(domain, name), comment)];
    }),
  ];
}
