import { AludelError } from "../../../error/error.js";
import type { ScratchOptions } from "../../dialect.js";
import type { TestDatabases, TestDialect } from "../../test-databases.js";
import { localTarget } from "../database-admin.js";
import { hasPglite } from "../pglite-session.js";
import { parsePostgresUrl, showHost } from "../url.js";
import { examine } from "./examine.js";
import { pgliteDatabases } from "./pglite.js";
import { placeOf, serverDatabases } from "./server.js";

/**
 * The place, as for a scratch database, but without a second choice: what a test is given decides by which driver it is
 * reached, and must not depend on whether a server happens to run.
 */
async function open({ url, environmentUrl, directory }: ScratchOptions): Promise<TestDatabases> {
  const options = { directory, applicationName: "aludel testing" };
  const wanted = url ?? environmentUrl;
  if (wanted === null && hasPglite(directory)) return pgliteDatabases(directory);
  if (wanted === null) {
    throw new AludelError("scratch-unavailable", "There is no place for test databases", {
      remedy:
        "Set `scratch` in the configuration to the URL of a development server, or run `npm install --save-dev @electric-sql/pglite`.",
    });
  }
  if (/^pglite:/i.test(wanted)) return pgliteDatabases(directory);
  const target = url === null ? localTarget(wanted, options) : parsePostgresUrl(url, options);
  if (target !== null) return serverDatabases(placeOf(target, wanted, options));
  const { hosts } = parsePostgresUrl(wanted, options);
  throw new AludelError(
    "scratch-unavailable",
    `The environment's server ${hosts.map(showHost).join(", ")} is not on this machine, and nothing is created there unasked`,
    {
      remedy:
        'Set `scratch` in the configuration to the URL of a development server, which may be this one, or to "pglite:".',
    },
  );
}

/** Test databases on a server, made from a template database, or as PGlite in this process. */
export const tests: TestDialect = { open, examine };
