// PostgreSQL: the runner, its connection or the whole server is ended, at a moment of the protocol or of the clock.
import pg from "pg";
import { startServer } from "../../server/server.mjs";
import { boundaries, isMeant } from "./boundary.mjs";
import { writeProject } from "./project.mjs";
import { start } from "./runner.mjs";
import { startWire } from "./wire.mjs";

/** What can end, how often each is chosen. */
const kinds = { runner: 4, server: 2, terminated: 2, cut: 1, half: 1 };

const database = "shop";
const halfMs = 400;

/** One row a line, sorted, of all that a schema is made of, and of what must not be there. */
const catalogue = `SELECT line FROM (
  SELECT format('column %s.%s %s %s %s', attrelid::regclass, attname, format_type(atttypid, atttypmod), attnotnull, pg_get_expr(adbin, adrelid))
    FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
    WHERE attrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')) AND attnum > 0 AND NOT attisdropped
  UNION ALL SELECT format('index %s valid %s ready %s', pg_get_indexdef(indexrelid), indisvalid, indisready)
    FROM pg_index WHERE indrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)
  UNION ALL SELECT format('constraint %s on %s: %s valid %s', conname, conrelid::regclass, pg_get_constraintdef(oid), convalidated)
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace
  UNION ALL SELECT format('enum %s %s', enumtypid::regtype, enumlabel) FROM pg_enum
  UNION ALL SELECT format('%s %s', relkind, relname) FROM pg_class WHERE relnamespace = 'public'::regnamespace
) AS all_of_it (line) ORDER BY 1`;

export async function openPostgres(folder) {
  const server = await startServer();
  const { host, port, user, password } = server;
  const login = { host, port, user, password };
  let listener = null;
  const wire = await startWire(server, (request) => listener?.(request) ?? null);
  const url = `postgres://${user}:${encodeURIComponent(password)}@127.0.0.1:${wire.port}/${database}?sslmode=disable`;
  writeProject(folder, "postgres", url);
  const ask = async (sql, name = "postgres") => {
    const client = new pg.Client({ ...login, database: name });
    client.on("error", () => undefined);
    await client.connect();
    try {
      return (await client.query(sql)).rows ?? [];
    } finally {
      await client.end();
    }
  };
  await ask(`CREATE DATABASE ${database}`);

  const destroy = (link) => {
    link.isCut = true;
    link.client.destroy();
    link.upstream.destroy();
  };
  /** What ends these links; gives what has to be over before the next run. */
  const actions = (child) => ({
    runner: () => {
      child.kill();
      wire.links().forEach(destroy);
    },
    server: (links) => {
      // What the server says in the end is heard, and what it was not asked is not asked any more.
      for (const link of links) link.isCut = false;
      return server.stop("immediate");
    },
    terminated: (links) => {
      for (const link of links) link.isCut = false;
      return ask(
        `SELECT pg_terminate_backend(pid) FROM unnest('{${links.map(({ process }) => process)}}'::int[]) AS one (pid)`,
      );
    },
    cut: (links) => links.forEach(destroy),
    half: (links) => {
      for (const link of links) {
        link.isCut = true;
        link.client.destroy();
        setTimeout(() => link.upstream.destroy(), halfMs);
      }
    },
  });

  return {
    kinds,
    ask: (sql) => ask(sql, database),
    catalogue: async () => (await ask(catalogue, database)).map(({ line }) => line),
    /** What is there now is what every chain begins with. */
    async keep() {
      await ask(`ALTER DATABASE ${database} RENAME TO base`);
    },
    async reset() {
      await ask(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
      // A copy through the log forgets in a crash what a sequence had given out: its page says that this is logged already.
      await ask(`CREATE DATABASE ${database} TEMPLATE base STRATEGY file_copy`);
    },
    /**
     * Runs a command on the database that is at `applied`. `fault` is `{ kind, boundary, when, delayMs }` or `null`. Gives how it
     * ended, what it asked for, and in `hit` where it was hit; `null` where it was not.
     */
    async run(words, { applied, fault }) {
      const requests = [];
      const nameOf = boundaries(applied);
      const child = start(folder, words);
      let stopped = null;
      let hit = null;
      const strike = (links, name) => {
        hit = name;
        stopped = actions(child)[fault.kind](links);
      };
      listener = (request) => {
        if (request.database !== database) return null;
        requests.push(request.sql);
        const name = nameOf(request.sql);
        if (fault === null || fault.when === "clock" || hit !== null || !isMeant(fault, name)) return null;
        return { when: fault.when, delayMs: fault.delayMs, act: (link) => strike([link], name) };
      };
      const clock =
        fault?.when === "clock" ? setTimeout(() => strike(wire.links(), "clock"), fault.delayMs) : undefined;
      const result = await child.ended;
      clearTimeout(clock);
      listener = null;
      await stopped;
      if (hit !== null && fault.kind === "server") await server.start();
      return { ...result, requests, hit };
    },
    async dispose() {
      wire.close();
      await server.dispose();
    },
  };
}
