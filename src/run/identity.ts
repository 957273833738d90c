import type { Environment } from "../config/config.js";
import type { Connection } from "../dialect/connection.js";
import type { Dialect } from "../dialect/dialect.js";
import { AludelError } from "../error/error.js";

/**
 * Stops before the first statement where a database is not the one that its environment says it is. An environment that
 * says nothing costs no question.
 *
 * @throws AludelError `wrong-database` with what was expected and what is there.
 */
export async function requireIdentity(
  dialect: Dialect,
  connection: Connection,
  { name, identity }: Environment,
): Promise<void> {
  const { host, database, systemIdentifier } = identity;
  if (host === null && database === null && systemIdentifier === null) return;
  const found = await dialect.identify(connection);
  const compared = [
    ["host", identity.host, found.host],
    ["database", identity.database, found.database],
    ["system identifier", identity.systemIdentifier, found.systemIdentifier],
  ] as const;
  const different = compared.filter(([, wanted, there]) => wanted !== null && wanted !== there);
  if (different.length === 0) return;
  throw new AludelError("wrong-database", `This is not the database of environment "${name}"`, {
    where: { object: connection.target },
    details: different.map(
      ([part, wanted, there]) => `${part}: ${wanted} is expected, ${there ?? "none"} is there`,
    ),
    data: { environment: name, expected: identity, found },
    remedy: `Nothing was changed. Correct the URL, or \`environments.${name}.identity\` in the configuration if the database was moved on purpose.`,
  });
}
