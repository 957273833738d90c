import { describe, expect, test } from "vitest";
import type { Effect } from "../../src/effect/effect.js";
import { loadEngine } from "../../src/lint/engine.js";
import type { Finding } from "../../src/lint/finding.js";
import { lintFiles } from "../../src/lint/lint.js";
import { textOf } from "../../src/lint/place.js";
import { prepareSql } from "../../src/lint/prepare-sql.js";
import { rules } from "../../src/lint/rules/all.js";
import { blockedWork } from "../../src/lint/work.js";

/** Tables in use, with one of everything that statements act on. */
const database = `
CREATE SCHEMA s;
CREATE TYPE e AS ENUM ('a', 'b');
CREATE TYPE comp AS (x integer);
CREATE DOMAIN dom_plain AS integer;
CREATE DOMAIN dom_chk AS integer CHECK (VALUE > 0);
CREATE DOMAIN dom_used AS integer;
CREATE FUNCTION volf() RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION stabf() RETURNS integer LANGUAGE sql STABLE AS 'SELECT 1';
CREATE FUNCTION trf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE SEQUENCE sq;
CREATE TABLE parent (id integer PRIMARY KEY);
CREATE TABLE t (
  id integer PRIMARY KEY, a integer, b integer NOT NULL, pid integer, c_chk integer CHECK (c_chk IS NOT NULL),
  vc varchar(10), txt text, num numeric(10,2), ts timestamp, tstz timestamptz, ch char(10), en e, j json, big bigint,
  dflt integer DEFAULT 1, ip cidr, vb varbit(4), ivl interval(3), tm time(3));
CREATE INDEX t_a_idx ON t (a);
CREATE INDEX t_vc_idx ON t (vc);
CREATE UNIQUE INDEX t_b_uq ON t (b);
ALTER TABLE t ADD CONSTRAINT t_nv_chk CHECK (a > 0) NOT VALID;
ALTER TABLE t ADD CONSTRAINT t_nv_fk FOREIGN KEY (pid) REFERENCES parent (id) NOT VALID;
CREATE TABLE child (id integer PRIMARY KEY, t_id integer REFERENCES t (id));
CREATE TABLE tu (id integer, x integer);
CREATE UNIQUE INDEX tu_uq ON tu (id);
CREATE TABLE tnn (id integer NOT NULL);
CREATE UNIQUE INDEX tnn_uq ON tnn (id);
CREATE TABLE tck (s varchar(10) CHECK (s <> ''));
CREATE TABLE g (x integer, z integer GENERATED ALWAYS AS (x * 2) STORED);
CREATE UNLOGGED TABLE tul (id integer);
CREATE TABLE usesd (d dom_used);
CREATE TABLE ot OF comp;
CREATE TABLE pt (k integer NOT NULL, v integer) PARTITION BY RANGE (k);
CREATE TABLE pt1 PARTITION OF pt FOR VALUES FROM (0) TO (500);
CREATE TABLE pt2 PARTITION OF pt FOR VALUES FROM (500) TO (1000);
CREATE INDEX pt_v ON pt (v);
CREATE TABLE pn (k integer NOT NULL, v integer);
CREATE TABLE pnc (k integer NOT NULL, v integer, CHECK (k >= 1000 AND k < 1500));
CREATE TABLE ptd (k integer NOT NULL, v integer) PARTITION BY RANGE (k);
CREATE TABLE ptdef PARTITION OF ptd DEFAULT;
CREATE MATERIALIZED VIEW mv AS SELECT id FROM parent;
CREATE UNIQUE INDEX mv_id ON mv (id);
`;

const statements = [
  "alter table t add column n1 int",
  "alter table t add column n1 int default 7",
  "alter table t add column n1 int default -7",
  "alter table t add column n1 timestamptz not null default now()",
  "alter table t add column n1 timestamptz default clock_timestamp()",
  "alter table t add column n1 uuid default gen_random_uuid()",
  "alter table t add column n1 int default volf()",
  "alter table t add column n1 int default stabf()",
  "alter table t add column n1 int default nextval('sq')",
  "alter table t add column n1 serial",
  "alter table t add column n1 int generated always as identity",
  "alter table t add column n1 int generated always as (a * 2) stored",
  "alter table t add column n1 int generated always as (a * 2) virtual",
  "alter table t add column n1 int not null",
  "alter table t add column n1 int check (n1 > 0)",
  "alter table t add column n1 int default 5 check (n1 > 0)",
  "alter table t add column n1 int unique",
  "alter table tu add column n1 serial primary key",
  "alter table t add column n1 int references parent(id)",
  "alter table t add column n1 int default 1 references parent(id)",
  "alter table t add column n1 dom_plain default 1",
  "alter table t add column n1 dom_chk",
  "alter table t add column n1 e default 'a'",
  "alter table t add column n1 int default volf() check (n1 > 0), add column n2 int unique",
  "alter table t add column n1 int, add column n2 uuid default gen_random_uuid() unique references parent(id)",
  "alter table t drop column txt",
  "alter table t alter a set default volf()",
  "alter table t alter a set not null",
  "alter table t alter c_chk set not null",
  "alter table t alter b set not null",
  "alter table t alter b drop not null",
  "alter table t alter a set not null, alter pid set not null",
  "alter table t add constraint t_a_nn not null a",
  "alter table t add constraint t_a_nn not null a not valid",
  "alter table g alter z set expression as (x * 3)",
  "alter table g alter z drop expression",
  "alter table t alter b add generated always as identity",
  "alter table t alter a type bigint",
  "alter table t alter id type bigint",
  "alter table t alter big type int",
  "alter table t alter vc type varchar(20)",
  "alter table t alter vc type varchar(5)",
  "alter table t alter vc type text",
  "alter table t alter txt type varchar(50)",
  "alter table t alter ch type text",
  "alter table t alter num type numeric(12,2)",
  "alter table t alter num type numeric(12,3)",
  "alter table t alter ts type timestamptz",
  "alter table t alter ts type timestamp(3)",
  "alter table t alter ip type inet",
  "alter table t alter vb type varbit(8)",
  "alter table t alter ivl type interval(6)",
  "alter table t alter tm type time(6)",
  "alter table t alter j type jsonb",
  "alter table t alter en type text",
  "alter table t alter txt type e using txt::e",
  "alter table t alter a type dom_plain",
  "alter table t alter a type dom_chk",
  "alter table t alter a type int",
  "alter table t alter a type int using a + 1",
  'alter table t alter vc type varchar(10) collate "POSIX"',
  'alter table t alter txt type text collate "POSIX"',
  "alter table child alter t_id type bigint",
  "alter table tck alter s type varchar(20)",
  "alter table t add constraint k1 check (a > 0)",
  "alter table t add constraint k1 check (a > 0) not valid",
  "alter table t add constraint k1 check (a > 0) not enforced",
  "alter table t add constraint k1 check (a > 0) not valid, validate constraint t_nv_fk",
  "alter table t validate constraint t_nv_chk",
  "alter table t validate constraint t_nv_fk",
  "alter table t drop constraint t_nv_fk",
  "alter table t alter constraint t_nv_fk deferrable",
  "alter table t add constraint k1 foreign key (pid) references parent(id)",
  "alter table t add constraint k1 foreign key (pid) references parent(id) not valid",
  "alter table t add constraint k1 foreign key (a) references t(id)",
  "alter table pt add constraint k1 foreign key (v) references parent(id)",
  "alter table t add constraint k1 unique (a)",
  "alter table t add constraint k1 unique using index t_b_uq",
  "alter table tu add primary key (id)",
  "alter table tu add primary key using index tu_uq",
  "alter table tnn add primary key using index tnn_uq",
  "alter table t add constraint k1 exclude using btree (a with =)",
  "alter table tul set logged",
  "alter table tu set unlogged",
  "alter table t set access method heap2",
  "alter table t set tablespace fast",
  "alter table t set (fillfactor = 70)",
  "alter table t enable row level security",
  "alter table t rename column txt to txt2",
  "alter table t disable trigger all",
  "create trigger tr2 before insert on t for each row execute procedure trf()",
  "create index i1 on t (b)",
  "create unique index i1 on t (a) where b > 3",
  "create index i1 on pt (k)",
  "create index i1 on only pt (k)",
  "create index concurrently i1 on t (b)",
  "drop index t_a_idx",
  "drop index concurrently t_a_idx",
  "reindex index t_a_idx",
  "reindex table t",
  "reindex table concurrently t",
  "create statistics st2 on a, pid from t",
  "create table nt (id int primary key, pid int references parent(id))",
  "create table nt (like t including all)",
  "create table nt as select * from t",
  "create table pt3 partition of pt for values from (1000) to (1500)",
  "create table ptd3 partition of ptd for values from (500) to (600)",
  "drop table child",
  "truncate tu",
  "vacuum full t",
  "vacuum t",
  "cluster t using t_a_idx",
  "analyze t",
  "lock table t in share mode",
  "alter table pt attach partition pn for values from (1000) to (1500)",
  "alter table pt attach partition pnc for values from (1000) to (1500)",
  "alter table ptd attach partition pnc for values from (1000) to (1500)",
  "alter table pt detach partition pt1",
  "refresh materialized view mv",
  "refresh materialized view concurrently mv",
  "alter domain dom_used add constraint dc check (value > 0)",
  "alter domain dom_used add constraint dc check (value > 0) not valid",
  "alter domain dom_used set not null",
  "alter domain dom_plain add constraint dc check (value > 0)",
  "alter type comp alter attribute x type bigint cascade",
  "alter type e add value 'zz'",
  "alter table pt add column n1 int",
  "alter table pt alter v set not null",
  "alter table pt add constraint k1 check (v >= 0)",
  "alter table pt add constraint k1 unique (k, v)",
  "alter table pt alter v type bigint",
  "comment on table t is 'x'",
  "update t set a = a + 1",
  "insert into parent values (9999)",
  "do $$ begin alter table t add constraint k1 check (a > 0); end $$",
];

/** What older servers do not have. */
const newer: Readonly<Record<string, number>> = { "set expression": 17, "set access method": 15 };

/** They belong to rules about something else: what is lost, and a view that nobody writes to. */
const apart = ["truncate", "refresh materialized view concurrently"];

/** Groups in which a rule of severity `error` speaks of work, or of what the server refuses. */
const groups = new Set(["locks", "rewrites", "scans", "data-dependent"]);

async function judged(sql: string, serverVersion: number) {
  const engine = await loadEngine("postgres");
  const files = [
    prepareSql("1.sql", textOf(database), { linted: false }),
    prepareSql("2.sql", textOf(sql), { linted: true }),
  ];
  const { findings } = await lintFiles(engine, files, {
    rules,
    severityOf: () => null,
    serverVersions: [serverVersion],
    inTransaction: false,
    sizes: null,
    smallTableRows: 0,
  });
  const read = await engine.analyse(
    files.map(({ upgrade }) => upgrade.sql),
    { serverVersion, inTransaction: false },
  );
  const effects: Effect[] = read.filter(({ source }) => source === 1).map(({ onExisting }) => onExisting);
  return { findings, effects };
}

function speaks({ group, severity }: Finding): boolean {
  return groups.has(group) && severity === "error";
}

describe.each([12, 18])("on PostgreSQL %i", (serverVersion) => {
  test.each(statements)("%s", async (sql) => {
    const { findings, effects } = await judged(sql, serverVersion);
    const since = Object.entries(newer).find(([words]) => sql.includes(words))?.[1] ?? 0;
    if (serverVersion < since) return;
    const hazard = effects.some((effect) => blockedWork(effect).length > 0);
    const refused = effects.some((effect) => effect.refused !== null);
    const errors = findings.filter(speaks).map(({ rule }) => rule);
    if (hazard && !apart.some((words) => sql.startsWith(words)))
      expect(errors, "work under a lock that no rule speaks of").not.toEqual([]);
    const quiet = ["add-required-column", "set-tablespace", "vacuum-full", "type-change-of-used-column"];
    if (!hazard && !refused) expect(errors.filter((rule) => !quiet.includes(rule))).toEqual([]);
    // One thought once: a rule does not say the same of the same thing twice.
    const said = findings.map(({ rule, object, message }) => `${rule} ${object} ${message}`);
    expect(said).toEqual([...new Set(said)]);
  });
});
