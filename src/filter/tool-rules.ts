/**
 * How another tool's own objects are known in a database.
 *
 * A name that could as well be a user's (`migrations`, `auth`) needs more than the name: the columns the tool gives its
 * table, or tables beside it that only this tool makes.
 */
export interface ToolRule {
  readonly tool: string;
  /** What the tool keeps there. */
  readonly what: string;
  /** Where the names come from. */
  readonly source: string;
  /** Namespaces that are the tool's with all that is in them. */
  readonly namespaces?: readonly string[];
  /** Patterns of tables; without a namespace in any of them. */
  readonly tables?: readonly string[];
  /** The table has exactly the columns of one of these lists, in any order. */
  readonly columns?: readonly (readonly string[])[];
  /** Event triggers, which live in no namespace. */
  readonly eventTriggers?: readonly string[];
  /** What must be in the database beside it. */
  readonly evidence?: {
    readonly extension?: string;
    readonly tables?: readonly (readonly [namespace: string, table: string])[];
  };
}

const applied = "which of its migrations were applied";

/** Migration tools: the tables that say what was applied. */
const migrationTools: readonly ToolRule[] = [
  {
    tool: "Drizzle",
    what: applied,
    source: "https://orm.drizzle.team/docs/drizzle-kit-migrate",
    tables: ["__drizzle_migrations"],
  },
  {
    tool: "Prisma",
    what: applied,
    source: "https://www.prisma.io/docs/orm/prisma-migrate",
    tables: ["_prisma_migrations"],
  },
  {
    tool: "TypeORM",
    what: applied,
    source: "https://typeorm.io/docs/migrations/why",
    tables: ["migrations"],
    columns: [["id", "timestamp", "name"]],
  },
  {
    tool: "TypeORM",
    what: "its views and generated columns",
    source: "https://typeorm.io/docs/entity/view-entities",
    tables: ["typeorm_metadata"],
  },
  {
    tool: "Knex",
    what: applied,
    source: "https://knexjs.org/guide/migrations.html",
    tables: ["knex_migrations", "knex_migrations_lock"],
  },
  {
    tool: "node-pg-migrate",
    what: applied,
    source: "https://salsita.github.io/node-pg-migrate/",
    tables: ["pgmigrations"],
  },
  {
    tool: "Kysely",
    what: applied,
    source: "https://kysely.dev/docs/migrations",
    tables: ["kysely_migration", "kysely_migration_lock"],
  },
  {
    tool: "MikroORM",
    what: applied,
    source: "https://mikro-orm.io/docs/migrations",
    tables: ["mikro_orm_migrations"],
  },
  {
    tool: "Sequelize",
    what: applied,
    source: "https://sequelize.org/docs/v6/other-topics/migrations/",
    tables: ["SequelizeMeta"],
  },
  {
    tool: "Graphile Migrate",
    what: applied,
    source: "https://github.com/graphile/migrate",
    namespaces: ["graphile_migrate"],
  },
  {
    tool: "Flyway",
    what: applied,
    source: "https://documentation.red-gate.com/flyway",
    tables: ["flyway_schema_history"],
  },
  {
    tool: "Liquibase",
    what: `${applied}, and its lock`,
    source: "https://docs.liquibase.com/",
    tables: ["databasechangelog", "databasechangeloglock", "DATABASECHANGELOG", "DATABASECHANGELOGLOCK"],
  },
  {
    tool: "Alembic",
    what: applied,
    source: "https://alembic.sqlalchemy.org/",
    tables: ["alembic_version"],
    columns: [["version_num"]],
  },
  {
    tool: "Django",
    what: applied,
    source: "https://docs.djangoproject.com/en/stable/topics/migrations/",
    tables: ["django_migrations"],
    columns: [["id", "app", "name", "applied"]],
  },
  {
    tool: "Rails, dbmate, golang-migrate or Ecto",
    what: applied,
    source: "https://guides.rubyonrails.org/active_record_migrations.html",
    tables: ["schema_migrations"],
    columns: [["version"], ["version", "dirty"], ["version", "inserted_at"]],
  },
  {
    tool: "Rails",
    what: "the environment that the database is for",
    source: "https://guides.rubyonrails.org/active_record_migrations.html",
    tables: ["ar_internal_metadata"],
    columns: [["key", "value", "created_at", "updated_at"]],
  },
  {
    tool: "Laravel",
    what: applied,
    source: "https://laravel.com/docs/migrations",
    tables: ["migrations"],
    columns: [["id", "migration", "batch"]],
  },
  {
    tool: "Doctrine",
    what: applied,
    source: "https://www.doctrine-project.org/projects/migrations.html",
    tables: ["doctrine_migration_versions"],
  },
  {
    tool: "Entity Framework Core",
    what: applied,
    source: "https://learn.microsoft.com/ef/core/managing-schemas/migrations/",
    tables: ["__EFMigrationsHistory", "__EFMigrationsLock"],
  },
  {
    tool: "goose",
    what: applied,
    source: "https://github.com/pressly/goose",
    tables: ["goose_db_version"],
  },
  {
    tool: "SQLx",
    what: applied,
    source: "https://github.com/launchbadge/sqlx",
    tables: ["_sqlx_migrations"],
  },
  {
    tool: "Diesel",
    what: applied,
    source: "https://diesel.rs/guides/getting-started",
    tables: ["__diesel_schema_migrations"],
  },
  {
    tool: "Refinery",
    what: applied,
    source: "https://github.com/rust-db/refinery",
    tables: ["refinery_schema_history"],
  },
  {
    tool: "Atlas",
    what: applied,
    source: "https://atlasgo.io/",
    namespaces: ["atlas_schema_revisions"],
    tables: ["atlas_schema_revisions"],
  },
  { tool: "Sqitch", what: applied, source: "https://sqitch.org/docs/", namespaces: ["sqitch"] },
  { tool: "pgroll", what: applied, source: "https://pgroll.com/docs", namespaces: ["pgroll"] },
  {
    tool: "Cloudflare D1",
    what: applied,
    source: "https://developers.cloudflare.com/d1/reference/migrations/",
    tables: ["d1_migrations"],
    columns: [["id", "name", "applied_at"]],
  },
];

/** Queues, extensions and services that make their tables themselves while they run. */
const services: readonly ToolRule[] = [
  {
    tool: "pg-boss",
    what: "its queues",
    source: "https://timgit.github.io/pg-boss/",
    namespaces: ["pgboss"],
  },
  {
    tool: "Graphile Worker",
    what: "its queues",
    source: "https://worker.graphile.org/docs/schema",
    namespaces: ["graphile_worker"],
  },
  {
    tool: "DBOS",
    what: "the state of its workflows",
    source: "https://docs.dbos.dev/",
    namespaces: ["dbos"],
    evidence: { tables: [["dbos", "workflow_status"]] },
  },
  {
    tool: "Hasura",
    what: "its metadata",
    source: "https://hasura.io/docs/",
    namespaces: ["hdb_catalog"],
  },
  {
    tool: "pg_cron",
    what: "its jobs",
    source: "https://github.com/citusdata/pg_cron",
    namespaces: ["cron"],
    evidence: { extension: "pg_cron" },
  },
  {
    tool: "pg_partman",
    what: "its templates of partitions",
    source: "https://github.com/pgpartman/pg_partman",
    namespaces: ["partman"],
    evidence: { extension: "pg_partman" },
  },
  {
    tool: "pgmq",
    what: "its queues",
    source: "https://github.com/pgmq/pgmq",
    namespaces: ["pgmq"],
    evidence: { extension: "pgmq" },
  },
  {
    tool: "TimescaleDB",
    what: "chunks and catalogue",
    source: "https://docs.timescale.com/",
    namespaces: [
      "_timescaledb_internal",
      "_timescaledb_catalog",
      "_timescaledb_cache",
      "_timescaledb_config",
      "_timescaledb_debug",
      "_timescaledb_functions",
      "timescaledb_information",
      "timescaledb_experimental",
    ],
  },
  {
    tool: "PostGIS",
    what: "reference systems and the list of geometries",
    source: "https://postgis.net/docs/using_postgis_dbmanagement.html",
    tables: ["spatial_ref_sys"],
    columns: [["srid", "auth_name", "auth_srid", "srtext", "proj4text"]],
  },
  {
    tool: "PostGIS",
    what: "the list of geometries",
    source: "https://postgis.net/docs/using_postgis_dbmanagement.html",
    tables: ["geometry_columns", "geography_columns", "raster_columns", "raster_overviews"],
    evidence: { extension: "postgis" },
  },
  {
    tool: "PostGIS",
    what: "topologies",
    source: "https://postgis.net/docs/Topology.html",
    namespaces: ["topology"],
    evidence: { extension: "postgis_topology" },
  },
  {
    tool: "PostGIS",
    what: "the data of its geocoder",
    source: "https://postgis.net/docs/Extras.html",
    namespaces: ["tiger", "tiger_data"],
    evidence: { extension: "postgis_tiger_geocoder" },
  },
];

const supabase = {
  tool: "Supabase",
  source: "https://supabase.com/docs/guides/database/overview",
} as const;

/** What no application would make in a schema of its own called `auth`. */
const supabaseAuth = {
  tables: [
    ["auth", "instances"],
    ["auth", "refresh_tokens"],
    ["auth", "audit_log_entries"],
  ],
} as const;

/** Platforms that put schemas of theirs into every database. */
const platforms: readonly ToolRule[] = [
  { ...supabase, what: "its users", namespaces: ["auth"], evidence: supabaseAuth },
  {
    ...supabase,
    what: "its files",
    namespaces: ["storage"],
    evidence: {
      tables: [
        ["storage", "buckets"],
        ["storage", "objects"],
        ["storage", "migrations"],
      ],
    },
  },
  {
    ...supabase,
    what: "its subscriptions",
    namespaces: ["realtime", "_realtime"],
    evidence: {
      tables: [
        ["realtime", "schema_migrations"],
        ["realtime", "subscription"],
      ],
    },
  },
  {
    ...supabase,
    what: "what else it has in every database",
    namespaces: [
      "extensions",
      "graphql",
      "graphql_public",
      "pgbouncer",
      "pgsodium",
      "pgsodium_masks",
      "vault",
      "net",
      "_analytics",
      "supabase_functions",
    ],
    eventTriggers: [
      "issue_graphql_placeholder",
      "issue_pg_cron_access",
      "issue_pg_graphql_access",
      "issue_pg_net_access",
      "pgrst_ddl_watch",
      "pgrst_drop_watch",
    ],
    evidence: supabaseAuth,
  },
  {
    ...supabase,
    what: applied,
    namespaces: ["supabase_migrations"],
    evidence: { tables: [["supabase_migrations", "schema_migrations"]] },
  },
  {
    tool: "Neon",
    what: "the users of Neon Auth",
    source: "https://neon.com/docs/neon-auth/overview",
    namespaces: ["neon_auth"],
    evidence: { tables: [["neon_auth", "users_sync"]] },
  },
  {
    tool: "Heroku",
    what: "its management of extensions",
    source: "https://devcenter.heroku.com/articles/heroku-postgres-extensions-postgis-full-text-search",
    namespaces: ["_heroku"],
    eventTriggers: ["extension_before_drop", "log_create_ext", "log_drop_ext", "validate_extension"],
  },
];

/** What engines and services of SQLite keep in a file beside `sqlite_*`, which the engine itself hides. */
const files: readonly ToolRule[] = [
  {
    tool: "Cloudflare D1",
    what: "its own storage",
    source: "https://developers.cloudflare.com/d1/",
    tables: ["_cf_*"],
  },
  {
    tool: "Litestream",
    what: "the state of replication",
    source: "https://litestream.io/how-it-works/",
    tables: ["_litestream_*"],
  },
  {
    tool: "libSQL",
    what: "its functions and vector indexes",
    source: "https://docs.turso.tech/libsql",
    tables: ["libsql_wasm_func_table", "libsql_vector_meta_shadow", "__turso_internal_*"],
  },
  {
    tool: "Android",
    what: "the locale, and Room's version of the schema",
    source: "https://developer.android.com/training/data-storage/room",
    tables: ["android_metadata", "room_master_table"],
  },
];

/** Every rule there is; the first that knows an object names the tool. */
export const toolRules: readonly ToolRule[] = [...migrationTools, ...services, ...platforms, ...files];
