import { createHash } from "node:crypto";

/** What another tool has left: its files, and what it has made in a database. */
export interface Managed {
  readonly files: Readonly<Record<string, string>>;
  readonly script: string;
}

const persons = "CREATE TABLE persons (id integer PRIMARY KEY, name text NOT NULL);\n";
const emails = "ALTER TABLE persons ADD COLUMN email text;\n";
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

function python(id: string, below: string | null, message: string, day: string): string {
  return `"""${message}

Revision ID: ${id}
Revises: ${below ?? ""}
Create Date: ${day} 09:00:00.000000

"""
revision = "${id}"
down_revision = ${below === null ? "None" : `"${below}"`}


def upgrade():
    pass
`;
}

const alembic: Managed = {
  files: {
    "alembic/versions/1f0e_persons.py": python("1f0e6a2b9c31", null, "persons", "2026-09-01"),
    "alembic/versions/2a7d_emails.py": python("2a7d5c8e4b10", "1f0e6a2b9c31", "emails", "2026-10-01"),
  },
  script: `${persons}${emails}CREATE TABLE alembic_version (version_num varchar(32) NOT NULL PRIMARY KEY);
INSERT INTO alembic_version VALUES ('2a7d5c8e4b10');`,
};

/** How the sections of taking-over.md begin, all on SQLite. */
export const managed: Readonly<Record<string, Managed>> = {
  "drizzle-kit": {
    files: {
      "drizzle/meta/_journal.json": JSON.stringify({
        version: "7",
        dialect: "sqlite",
        entries: [
          { idx: 0, version: "6", when: 1_756_717_200_000, tag: "0000_bright_persons", breakpoints: true },
          { idx: 1, version: "6", when: 1_759_309_200_000, tag: "0001_kind_emails", breakpoints: true },
        ],
      }),
      "drizzle/0000_bright_persons.sql": persons,
      "drizzle/0001_kind_emails.sql": emails,
    },
    script: `${persons}${emails}CREATE TABLE __drizzle_migrations (id integer PRIMARY KEY, hash text NOT NULL, created_at numeric);
INSERT INTO __drizzle_migrations (hash, created_at) VALUES ('${sha256(persons)}', 1756717200000), ('${sha256(emails)}', 1759309200000);`,
  },
  Prisma: {
    files: {
      "prisma/migrations/migration_lock.toml": 'provider = "sqlite"\n',
      "prisma/migrations/20260901090000_persons/migration.sql": persons,
      "prisma/migrations/20261001090000_emails/migration.sql": emails,
    },
    script: `${persons}CREATE TABLE _prisma_migrations (id text PRIMARY KEY NOT NULL, checksum text NOT NULL, finished_at datetime,
  migration_name text NOT NULL, logs text, rolled_back_at datetime, started_at datetime NOT NULL DEFAULT current_timestamp,
  applied_steps_count integer NOT NULL DEFAULT 0);
INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)
  VALUES ('1', '${sha256(persons)}', '20260901090000_persons', current_timestamp, 1);`,
  },
  Alembic: alembic,
  "A baseline": alembic,
  dbmate: {
    files: {
      "db/migrations/20260901090000_persons.sql": `-- migrate:up\n${persons}\n-- migrate:down\nDROP TABLE persons;\n`,
    },
    script: `${persons}CREATE TABLE schema_migrations (version varchar(128) PRIMARY KEY);
INSERT INTO schema_migrations VALUES ('20260901090000');`,
  },
  Flyway: {
    files: { "sql/V1__persons.sql": persons },
    script: `${persons}CREATE TABLE flyway_schema_history (installed_rank INT NOT NULL PRIMARY KEY, version VARCHAR(50),
  description VARCHAR(200) NOT NULL, type VARCHAR(20) NOT NULL, script VARCHAR(1000) NOT NULL, checksum INT,
  installed_by VARCHAR(100) NOT NULL, installed_on TEXT NOT NULL DEFAULT current_timestamp, execution_time INT NOT NULL, success BOOLEAN NOT NULL);
INSERT INTO flyway_schema_history (installed_rank, version, description, type, script, installed_by, execution_time, success)
  VALUES (1, '1', 'persons', 'SQL', 'V1__persons.sql', 'app', 5, 1);`,
  },
  Knex: {
    files: {
      "migrations/20260901090000_persons.js": "exports.up = (knex) => knex.schema.createTable('persons');\n",
    },
    script: `${persons}CREATE TABLE knex_migrations (id integer PRIMARY KEY, name varchar(255), batch integer, migration_time timestamp);
CREATE TABLE knex_migrations_lock ("index" integer PRIMARY KEY, is_locked integer);
INSERT INTO knex_migrations (id, name, batch) VALUES (1, '20260901090000_persons.js', 1);`,
  },
};
