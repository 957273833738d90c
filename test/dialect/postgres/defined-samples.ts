import type { DefinedKind } from "../../../src/schema/schema.js";

/** SQL that makes objects, and the kinds of objects that are known by their statement among them. */
export interface Sample {
  readonly name: string;
  readonly sql: string;
  readonly kinds?: readonly DefinedKind[];
  /** The first server version that has the syntax. */
  readonly since?: number;
  /** Needs an extension that only a server has. */
  readonly server?: true;
  /** Is also tried on the engine in this process. */
  readonly process?: true;
  /** Cannot be taken down in single steps: the type and its functions need one another. */
  readonly circular?: true;
}

const schemas = `CREATE SCHEMA "My ""App"""; CREATE SCHEMA billing`;
const touch = `CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'`;
const nasty = `CREATE TABLE "Order ""x""" (id int PRIMARY KEY, "a ON b" text, "select" int, "naïve ü" timestamptz)`;

export const samples: readonly Sample[] = [
  {
    name: "functions and procedures",
    kinds: ["function", "procedure"],
    sql: `${schemas}; ${nasty};
CREATE FUNCTION one() RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE LEAKPROOF STRICT AS 'SELECT 1';
CREATE FUNCTION one(int) RETURNS int LANGUAGE sql AS 'SELECT one()';
CREATE FUNCTION "My ""App"""."public.f("(a int, "select" text DEFAULT 'public.x', VARIADIC "Order ""x""" text[] DEFAULT '{a,"b c"}')
  RETURNS SETOF "Order ""x""" LANGUAGE sql STABLE COST 5 ROWS 7 SECURITY DEFINER SET search_path TO 'public', 'My "App"' SET work_mem = '1MB'
  AS $$ SELECT * FROM public."Order ""x""" -- $function$
  $$;
CREATE FUNCTION billing.atomic(INOUT a int, OUT b text) LANGUAGE sql BEGIN ATOMIC SELECT a + one(), "a ON b" FROM "Order ""x"""; END;
CREATE FUNCTION named() RETURNS TABLE (x int, "y y" billing._x) LANGUAGE plpgsql AS 'BEGIN END';
CREATE PROCEDURE "pro c"(IN a int, INOUT b text DEFAULT NULL) LANGUAGE sql AS 'SELECT ''x''';
CREATE PROCEDURE billing.atomic_too() LANGUAGE sql BEGIN ATOMIC DELETE FROM "Order ""x""" WHERE id = one(2); END;
CREATE FUNCTION ${"a".repeat(63)}(${"b".repeat(63)} numeric(10,2)) RETURNS numeric LANGUAGE sql RETURN 1 + ${"b".repeat(63)};
CREATE FUNCTION any_one(anyelement, anyarray) RETURNS anyelement LANGUAGE sql AS 'SELECT $1';
COMMENT ON FUNCTION one(int) IS 'it''s one'; COMMENT ON PROCEDURE "pro c" IS 'p'`.replace(
      '"y y" billing._x',
      '"y y" text',
    ),
  },
  {
    name: "functions of the same name as the engine's",
    kinds: ["function"],
    sql: `CREATE FUNCTION lower(int) RETURNS int LANGUAGE sql AS 'SELECT $1';
CREATE TABLE t (a int CHECK (lower(a) > 0)); COMMENT ON FUNCTION lower(int) IS 'x'`,
  },
  {
    name: "objects that the engine's hide",
    kinds: ["aggregate", "collation", "function", "text-search-configuration", "text-search-dictionary"],
    sql: `CREATE FUNCTION public.lower(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1';
COMMENT ON FUNCTION public.lower(text) IS 'x';
CREATE AGGREGATE public.max(int) (SFUNC = int4larger, STYPE = int); COMMENT ON AGGREGATE public.max(int) IS 'x';
CREATE COLLATION public."POSIX" (LOCALE = 'C'); COMMENT ON COLLATION public."POSIX" IS 'x';
CREATE TEXT SEARCH CONFIGURATION public.english (COPY = pg_catalog.simple);
CREATE TEXT SEARCH DICTIONARY public.simple (TEMPLATE = pg_catalog.simple); COMMENT ON TEXT SEARCH DICTIONARY public.simple IS 'x';
CREATE TABLE t (a text CHECK (public.lower(a) <> ''), b int)`,
  },
  {
    name: "aggregates",
    kinds: ["aggregate", "function"],
    sql: `${schemas};
CREATE AGGREGATE "sum it"(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0', PARALLEL = SAFE, COMBINEFUNC = int4pl, SSPACE = 16, SORTOP = <);
CREATE FUNCTION billing.step(int, int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE FUNCTION billing.last(int) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1::text';
CREATE FUNCTION zero(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE AGGREGATE billing.moving(int) (SFUNC = billing.step, STYPE = int, FINALFUNC = billing.last, FINALFUNC_MODIFY = READ_WRITE,
  MSFUNC = billing.step, MINVFUNC = billing.step, MSTYPE = int, MFINALFUNC = billing.last, MINITCOND = '1');
CREATE AGGREGATE every_one(*) (SFUNC = zero, STYPE = int);
CREATE AGGREGATE ordered(float8 ORDER BY anyelement) (SFUNC = ordered_set_transition, STYPE = internal,
  FINALFUNC = percentile_disc_final, FINALFUNC_EXTRA);
CREATE AGGREGATE rank_it(VARIADIC "any" ORDER BY VARIADIC "any") (SFUNC = ordered_set_transition_multi, STYPE = internal,
  FINALFUNC = rank_final, FINALFUNC_EXTRA, HYPOTHETICAL);
COMMENT ON AGGREGATE every_one(*) IS 'all'; CREATE VIEW v AS SELECT "sum it"(a) FROM generate_series(1, 2) a`,
  },
  {
    name: "triggers",
    process: true,
    kinds: ["trigger", "function"],
    sql: `${schemas}; ${touch}; ${nasty}; CREATE VIEW "v ON public.x" AS SELECT id FROM "Order ""x""";
CREATE TABLE billing.t (a int); CREATE TABLE p (a int) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE FUNCTION billing.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER "t ON public.x" BEFORE UPDATE OF "a ON b", "select" ON "Order ""x""" FOR EACH ROW
  WHEN (OLD."select" IS DISTINCT FROM NEW."select") EXECUTE FUNCTION touch('it''s', 'ON public.y');
CREATE TRIGGER "on" AFTER INSERT OR DELETE OR TRUNCATE ON "Order ""x""" FOR EACH STATEMENT EXECUTE FUNCTION billing.touch();
CREATE TRIGGER transition AFTER UPDATE ON billing.t REFERENCING OLD TABLE AS "o o" NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION touch();
CREATE CONSTRAINT TRIGGER late AFTER INSERT ON billing.t FROM "Order ""x""" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION touch();
CREATE TRIGGER of_view INSTEAD OF INSERT ON "v ON public.x" FOR EACH ROW EXECUTE FUNCTION touch();
CREATE TRIGGER of_parent AFTER INSERT ON p FOR EACH ROW EXECUTE FUNCTION touch();
CREATE TRIGGER of_partition AFTER INSERT ON p1 FOR EACH ROW EXECUTE FUNCTION touch();
CREATE TRIGGER a BEFORE INSERT ON billing.t FOR EACH ROW EXECUTE FUNCTION touch(); ALTER TABLE billing.t ENABLE ALWAYS TRIGGER a;
CREATE TRIGGER r BEFORE INSERT ON billing.t FOR EACH ROW EXECUTE FUNCTION touch(); ALTER TABLE billing.t ENABLE REPLICA TRIGGER r;
ALTER TABLE "Order ""x""" DISABLE TRIGGER "on"; COMMENT ON TRIGGER "on" ON "Order ""x""" IS 'off'`,
  },
  {
    name: "rules",
    kinds: ["rule"],
    sql: `${schemas}; ${nasty}; CREATE TABLE billing.log (id int, "to" text); CREATE VIEW v AS SELECT id, "a ON b" FROM "Order ""x""";
CREATE RULE "TO public.x" AS ON INSERT TO v DO INSTEAD INSERT INTO "Order ""x""" (id) VALUES (NEW.id) RETURNING id, "a ON b";
CREATE RULE "to" AS ON UPDATE TO "Order ""x""" WHERE OLD.id > 5 DO ALSO (INSERT INTO billing.log VALUES (NEW.id, 'a;b'); DELETE FROM billing.log WHERE log.id = OLD.id);
CREATE RULE nothing AS ON DELETE TO "Order ""x""" DO INSTEAD NOTHING; ALTER TABLE "Order ""x""" DISABLE RULE nothing;
CREATE RULE other AS ON DELETE TO billing.log DO ALSO NOTIFY "x y"; COMMENT ON RULE "to" ON "Order ""x""" IS 'r'`,
  },
  {
    name: "states of the triggers of partitions",
    kinds: ["trigger-state", "trigger", "function"],
    sql: `CREATE SCHEMA "B c"; CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TABLE "B c".whole (a int) PARTITION BY LIST (a); CREATE TABLE "Part 1" PARTITION OF "B c".whole FOR VALUES IN (1) PARTITION BY LIST (a);
CREATE TABLE "B c"."part 2" PARTITION OF "Part 1" DEFAULT;
CREATE TRIGGER "t o" BEFORE INSERT ON "B c".whole FOR EACH ROW EXECUTE FUNCTION touch();
ALTER TABLE "B c".whole ENABLE ALWAYS TRIGGER "t o"; ALTER TABLE "Part 1" DISABLE TRIGGER "t o"; ALTER TABLE "B c"."part 2" ENABLE REPLICA TRIGGER "t o"`,
  },
  {
    name: "event triggers",
    kinds: ["event-trigger", "function"],
    sql: `CREATE FUNCTION watch() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE EVENT TRIGGER "a b" ON ddl_command_end WHEN TAG IN ('CREATE TABLE', 'ALTER TABLE', 'COMMENT') EXECUTE FUNCTION watch();
CREATE EVENT TRIGGER off ON sql_drop EXECUTE FUNCTION watch(); ALTER EVENT TRIGGER off DISABLE; COMMENT ON EVENT TRIGGER off IS 'x'`,
  },
  {
    name: "domains",
    kinds: ["function"],
    sql: `${schemas}; CREATE FUNCTION good(text) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT $1 <> ''''';
CREATE DOMAIN "My Dom" AS varchar(20) COLLATE "C" NOT NULL DEFAULT 'x' CONSTRAINT "c ""1" CHECK (VALUE <> '') CHECK (good(VALUE));
CREATE DOMAIN billing.over AS "My Dom"[] CONSTRAINT n CHECK (array_length(VALUE, 1) > 0);
CREATE DOMAIN loose AS int; ALTER DOMAIN loose ADD CONSTRAINT later CHECK (VALUE > 0) NOT VALID;
CREATE TABLE t (a "My Dom", b billing.over); COMMENT ON DOMAIN "My Dom" IS 'd'; COMMENT ON CONSTRAINT n ON DOMAIN billing.over IS 'c'`,
  },
  {
    name: "composite types",
    sql: `${schemas}; CREATE TYPE mood AS ENUM ('a'); CREATE TYPE empty AS ();
CREATE TYPE "Comp x" AS (a int, "b b" text COLLATE "C", c mood[], d numeric(10,2)); CREATE TYPE billing.outer AS (x "Comp x"[]);
CREATE TABLE t (a billing.outer, b empty); CREATE TYPE of_rows AS (t t);
COMMENT ON TYPE "Comp x" IS 't'; COMMENT ON COLUMN "Comp x"."b b" IS 'attribute'`,
  },
  {
    name: "ranges",
    process: true,
    kinds: ["range", "function"],
    sql: `${schemas}; CREATE TYPE mood AS ENUM ('a', 'b'); CREATE TYPE mood_span AS RANGE (SUBTYPE = mood);
CREATE FUNCTION gap(float8, float8) RETURNS float8 LANGUAGE sql IMMUTABLE AS 'SELECT $1 - $2';
CREATE TYPE billing."r x" AS RANGE (SUBTYPE = float8, SUBTYPE_DIFF = gap, MULTIRANGE_TYPE_NAME = "many ""x");
CREATE TYPE words AS RANGE (SUBTYPE = text, COLLATION = "C", SUBTYPE_OPCLASS = text_pattern_ops);
CREATE TABLE t (a mood_span, b billing."r x"[], c public."many ""x"); CREATE FUNCTION uses(words) RETURNS words LANGUAGE sql AS 'SELECT $1';
COMMENT ON TYPE words IS 'w'`,
  },
  {
    name: "a range with a canonical function",
    kinds: ["range", "shell-type", "function"],
    circular: true,
    sql: `CREATE TYPE span; CREATE FUNCTION canon(span) RETURNS span LANGUAGE internal IMMUTABLE STRICT AS 'int4range_canonical';
CREATE TYPE span AS RANGE (SUBTYPE = int, CANONICAL = canon); CREATE TABLE t (a span)`,
  },
  {
    name: "base types",
    kinds: ["base-type", "shell-type", "function"],
    circular: true,
    sql: `CREATE TYPE "My Int"; CREATE TYPE shell_only; CREATE FUNCTION "in x"(cstring) RETURNS "My Int" LANGUAGE internal IMMUTABLE STRICT AS 'int4in';
CREATE FUNCTION out_x("My Int") RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out';
CREATE TYPE "My Int" (INPUT = "in x", OUTPUT = out_x, INTERNALLENGTH = 4, PASSEDBYVALUE, ALIGNMENT = int4, DEFAULT = '7', CATEGORY = 'N', DELIMITER = ';');
CREATE TABLE t (a "My Int", b "My Int"[]); CREATE FUNCTION late("My Int") RETURNS int LANGUAGE sql AS 'SELECT 1'; COMMENT ON TYPE "My Int" IS 'n'`,
  },
  {
    name: "collations",
    kinds: ["collation"],
    sql: `${schemas}; CREATE COLLATION "de x" (PROVIDER = icu, LOCALE = 'de-u-kn'); CREATE COLLATION billing.nd (PROVIDER = icu, LOCALE = 'und', DETERMINISTIC = false);
CREATE COLLATION c_like (LC_COLLATE = 'C', LC_CTYPE = 'POSIX'); CREATE COLLATION copied FROM "C";
CREATE TABLE t (a text COLLATE "de x", b text COLLATE billing.nd); COMMENT ON COLLATION "de x" IS 'x'`,
  },
  {
    name: "operators, families and classes",
    process: true,
    kinds: ["operator", "operator-family", "operator-class", "function", "cast"],
    sql: `${schemas}; CREATE TYPE pair AS (a int, b int);
CREATE FUNCTION billing.lt(pair, pair) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT ($1).a < ($2).a';
CREATE FUNCTION eq(pair, pair) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT ($1).a = ($2).a';
CREATE FUNCTION neg(pair) RETURNS pair LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE FUNCTION cmp(pair, pair) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 0';
CREATE FUNCTION ne(pair, pair) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT ($1).a <> ($2).a';
CREATE FUNCTION mixed(pair, int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 0';
CREATE OPERATOR billing.<<< (FUNCTION = billing.lt, LEFTARG = pair, RIGHTARG = pair, COMMUTATOR = OPERATOR(billing.>>>), RESTRICT = scalarltsel, JOIN = scalarltjoinsel);
CREATE OPERATOR billing.>>> (FUNCTION = billing.lt, LEFTARG = pair, RIGHTARG = pair, COMMUTATOR = OPERATOR(billing.<<<));
CREATE OPERATOR === (FUNCTION = eq, LEFTARG = pair, RIGHTARG = pair, COMMUTATOR = ===, NEGATOR = !==, HASHES, MERGES);
CREATE OPERATOR !== (FUNCTION = ne, LEFTARG = pair, RIGHTARG = pair, NEGATOR = ===);
CREATE OPERATOR ~~~ (FUNCTION = neg, RIGHTARG = pair);
CREATE OPERATOR FAMILY "fam x" USING btree;
CREATE OPERATOR CLASS "cls x" DEFAULT FOR TYPE pair USING btree FAMILY "fam x" AS OPERATOR 1 billing.<<<, OPERATOR 3 ===, OPERATOR 5 billing.>>>, FUNCTION 1 cmp(pair, pair);
ALTER OPERATOR FAMILY "fam x" USING btree ADD FUNCTION 1 (pair, int) mixed(pair, int);
CREATE OPERATOR CLASS billing.hashed FOR TYPE pair USING hash AS OPERATOR 1 ===;
CREATE OPERATOR FAMILY billing.alone USING gist;
CREATE FUNCTION to_pair(int) RETURNS pair LANGUAGE sql IMMUTABLE AS 'SELECT ROW($1, $1)::pair';
CREATE CAST (int AS pair) WITH FUNCTION to_pair(int) AS ASSIGNMENT; CREATE CAST (pair AS jsonb) WITH INOUT AS IMPLICIT;
CREATE TABLE t (a pair); CREATE INDEX i ON t (a "cls x"); CREATE VIEW v AS SELECT a === a AS same FROM t;
COMMENT ON OPERATOR ===(pair, pair) IS 'same'; COMMENT ON OPERATOR ~~~(NONE, pair) IS 'n'; COMMENT ON OPERATOR CLASS "cls x" USING btree IS 'c';
COMMENT ON OPERATOR FAMILY "fam x" USING btree IS 'f'; COMMENT ON CAST (int AS pair) IS 'cast'`,
  },
  {
    name: "casts between enums and text",
    kinds: ["cast"],
    sql: `CREATE TYPE mood AS ENUM ('a'); CREATE CAST (varchar AS mood) WITH INOUT AS IMPLICIT; CREATE CAST (mood AS text[]) WITH INOUT`.replace(
      "; CREATE CAST (mood AS text[]) WITH INOUT",
      "",
    ),
  },
  {
    name: "transforms and languages",
    kinds: ["language", "transform", "function"],
    sql: `CREATE TYPE mood AS ENUM ('a'); CREATE FUNCTION handler() RETURNS language_handler LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_call_handler';
CREATE FUNCTION "in line"(internal) RETURNS void LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_inline_handler';
CREATE TRUSTED LANGUAGE "my lang" HANDLER handler INLINE "in line"; CREATE FUNCTION speaks() RETURNS int LANGUAGE "my lang" AS 'BEGIN RETURN 1; END';
CREATE FUNCTION from_sql(internal) RETURNS internal LANGUAGE internal IMMUTABLE AS 'textlike_support';
CREATE TRANSFORM FOR mood LANGUAGE "my lang" (FROM SQL WITH FUNCTION from_sql(internal)); COMMENT ON LANGUAGE "my lang" IS 'l';
COMMENT ON TRANSFORM FOR mood LANGUAGE "my lang" IS 't'`,
  },
  {
    name: "conversions and access methods",
    kinds: ["conversion", "access-method", "function"],
    sql: `${schemas}; CREATE CONVERSION "con v" FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8; CREATE DEFAULT CONVERSION billing.d FOR 'LATIN9' TO 'UTF8' FROM iso8859_to_utf8;
CREATE ACCESS METHOD "heap 2" TYPE TABLE HANDLER heap_tableam_handler; CREATE ACCESS METHOD tree TYPE INDEX HANDLER bthandler;
CREATE FUNCTION own_handler(internal) RETURNS table_am_handler LANGUAGE internal AS 'heap_tableam_handler'; CREATE ACCESS METHOD own TYPE TABLE HANDLER own_handler;
CREATE TABLE t (a int) USING "heap 2"; COMMENT ON CONVERSION "con v" IS 'c'; COMMENT ON ACCESS METHOD tree IS 'a'`,
  },
  {
    name: "text search",
    kinds: [
      "text-search-parser",
      "text-search-template",
      "text-search-dictionary",
      "text-search-configuration",
    ],
    sql: `${schemas}; CREATE TEXT SEARCH PARSER "par s" (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype, HEADLINE = prsd_headline);
CREATE TEXT SEARCH TEMPLATE billing.tem (INIT = dsimple_init, LEXIZE = dsimple_lexize);
CREATE TEXT SEARCH DICTIONARY "dic t" (TEMPLATE = billing.tem, ACCEPT = false, STOPWORDS = english); CREATE TEXT SEARCH DICTIONARY billing.plain (TEMPLATE = pg_catalog.simple);
CREATE TEXT SEARCH CONFIGURATION billing."con f" (PARSER = "par s"); CREATE TEXT SEARCH CONFIGURATION copy (COPY = english);
ALTER TEXT SEARCH CONFIGURATION billing."con f" ADD MAPPING FOR word, asciiword WITH "dic t", billing.plain, english_stem;
ALTER TEXT SEARCH CONFIGURATION billing."con f" ADD MAPPING FOR email WITH simple;
CREATE TABLE t (a text); CREATE INDEX i ON t USING gin (to_tsvector('billing."con f"'::regconfig, a));
COMMENT ON TEXT SEARCH CONFIGURATION copy IS 'c'; COMMENT ON TEXT SEARCH DICTIONARY "dic t" IS 'd'; COMMENT ON TEXT SEARCH PARSER "par s" IS 'p'; COMMENT ON TEXT SEARCH TEMPLATE billing.tem IS 't'`,
  },
  {
    name: "foreign data",
    kinds: ["foreign-data-wrapper", "server", "foreign-table", "trigger", "function"],
    sql: `${schemas}; ${touch}; CREATE FOREIGN DATA WRAPPER "w x" OPTIONS ("a b" 'it''s', debug 'true'); CREATE SERVER "s x" TYPE 't' VERSION '1.0' FOREIGN DATA WRAPPER "w x" OPTIONS (host 'h', port '5');
CREATE SERVER plain FOREIGN DATA WRAPPER "w x"; CREATE TABLE parent (id int NOT NULL, b text); CREATE TABLE p (id int) PARTITION BY RANGE (id);
CREATE FOREIGN TABLE billing."f t" (id int OPTIONS (col 'ID') NOT NULL, "b b" text COLLATE "C" DEFAULT 'x', c int GENERATED ALWAYS AS (id + 1) STORED, CONSTRAINT "pos x" CHECK (id > 0))
  SERVER "s x" OPTIONS (tab 'T "x"');
CREATE FOREIGN TABLE child (extra int) INHERITS (parent) SERVER plain; CREATE FOREIGN TABLE part PARTITION OF p FOR VALUES FROM (1) TO (5) SERVER plain;
ALTER FOREIGN TABLE part ALTER COLUMN id OPTIONS (col 'x'); CREATE FOREIGN TABLE nothing () SERVER plain;
CREATE TRIGGER trg BEFORE INSERT ON billing."f t" FOR EACH ROW EXECUTE FUNCTION touch(); CREATE VIEW v AS SELECT "b b" FROM billing."f t";
COMMENT ON FOREIGN TABLE billing."f t" IS 't'; COMMENT ON COLUMN billing."f t"."b b" IS 'c'; COMMENT ON CONSTRAINT "pos x" ON billing."f t" IS 'k';
COMMENT ON SERVER plain IS 's'; COMMENT ON FOREIGN DATA WRAPPER "w x" IS 'w'`,
  },
  {
    name: "statistics",
    kinds: ["statistics"],
    sql: `${schemas}; ${nasty}; CREATE STATISTICS "st x" (ndistinct, mcv) ON id, "a ON b" FROM "Order ""x"""; CREATE STATISTICS billing.st ON ("select" + 1), (lower("a ON b")) FROM "Order ""x""";
ALTER STATISTICS "st x" SET STATISTICS 200; COMMENT ON STATISTICS "st x" IS 's'`,
  },
  {
    name: "publications",
    kinds: ["publication"],
    sql: `${schemas}; ${nasty}; CREATE TABLE b (a int PRIMARY KEY); CREATE PUBLICATION "all x" FOR ALL TABLES; CREATE PUBLICATION none;
CREATE PUBLICATION "some" FOR TABLE b, "Order ""x""" WITH (publish = 'insert, delete', publish_via_partition_root = true); COMMENT ON PUBLICATION none IS 'n'`,
  },
  {
    name: "publications of columns, rows and schemas",
    kinds: ["publication"],
    since: 150_000,
    sql: `${schemas}; ${nasty}; CREATE TABLE b (a int PRIMARY KEY); CREATE PUBLICATION part FOR TABLE b (a) WHERE (a > 5 AND a <> 7);
CREATE PUBLICATION spaces FOR TABLES IN SCHEMA "My ""App""", public; CREATE PUBLICATION mixed FOR TABLE b, "Order ""x""", TABLES IN SCHEMA billing`,
  },
  {
    name: "views with properties of their columns",
    sql: `CREATE TABLE t (a int, "b b" text); CREATE VIEW v WITH (security_barrier) AS SELECT * FROM t; ALTER VIEW v ALTER COLUMN "b b" SET DEFAULT 'x';
COMMENT ON COLUMN v."b b" IS 'c'; COMMENT ON VIEW v IS 'v'; CREATE MATERIALIZED VIEW m AS SELECT * FROM v; COMMENT ON COLUMN m.a IS 'm';
ALTER MATERIALIZED VIEW m ALTER COLUMN "b b" SET STORAGE EXTERNAL, ALTER COLUMN a SET STATISTICS 7, ALTER COLUMN a SET (n_distinct = 5)`,
  },
  {
    name: "extensions and what uses them",
    kinds: ["function"],
    server: true,
    sql: `CREATE SCHEMA ext; CREATE EXTENSION hstore SCHEMA ext; CREATE EXTENSION citext; COMMENT ON EXTENSION citext IS 'mine';
CREATE DOMAIN d AS ext.hstore; CREATE FUNCTION f(ext.hstore, citext[]) RETURNS citext LANGUAGE sql AS 'SELECT NULL::citext'; ALTER FUNCTION f DEPENDS ON EXTENSION citext;
CREATE TABLE t (a citext, b d); CREATE VIEW v AS SELECT b OPERATOR(ext.->) 'x' AS x FROM t`,
  },
  {
    name: "a chain through every kind",
    process: true,
    kinds: ["function", "trigger", "operator"],
    sql: `CREATE TYPE zmood AS ENUM ('a'); CREATE DOMAIN ydom AS zmood; CREATE TYPE xcomp AS (d ydom); CREATE TABLE wtab (c xcomp, id serial, n int);
CREATE FUNCTION vfun(wtab) RETURNS int LANGUAGE sql IMMUTABLE BEGIN ATOMIC SELECT ($1).n; END;
CREATE TABLE utab (w wtab, n int GENERATED ALWAYS AS (vfun(w)) STORED, m int DEFAULT vfun(NULL), CHECK (vfun(w) > 0)); CREATE INDEX tind ON utab ((vfun(w)));
CREATE VIEW sview AS SELECT vfun(w) AS x FROM utab; CREATE FUNCTION rfun() RETURNS SETOF sview LANGUAGE sql BEGIN ATOMIC SELECT * FROM sview; END;
CREATE VIEW aview AS SELECT * FROM rfun(); CREATE FUNCTION qtrig() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE FUNCTION agt(int, int) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT $1 > $2'; CREATE OPERATOR ## (FUNCTION = agt, LEFTARG = int, RIGHTARG = int);
CREATE TRIGGER ptrig BEFORE INSERT ON utab FOR EACH ROW WHEN (NEW.m ## 5) EXECUTE FUNCTION qtrig(); ALTER TABLE utab ENABLE ROW LEVEL SECURITY;
CREATE POLICY opol ON utab USING (vfun(w) ## 3); CREATE DOMAIN ndom AS int CHECK (VALUE ## 0); CREATE SEQUENCE seq; CREATE TABLE ltab (a int DEFAULT nextval('seq'), b ndom)`,
  },
  {
    name: "views and functions that need one another",
    kinds: ["function"],
    circular: true,
    sql: `CREATE VIEW loopy AS SELECT 1 AS x, 'a'::text COLLATE "C" AS "y y", NULL::varchar(3) AS z; CREATE FUNCTION loops() RETURNS loopy LANGUAGE sql AS 'SELECT 1, ''a''::text, ''b''::varchar(3)';
CREATE OR REPLACE VIEW loopy WITH (security_barrier) AS SELECT f.x, f."y y" COLLATE "C" AS "y y", f.z FROM loops() f; COMMENT ON VIEW loopy IS 'l'; COMMENT ON COLUMN loopy."y y" IS 'y';
CREATE TABLE zlast (id int PRIMARY KEY, n int); CREATE VIEW alpha AS SELECT id, n FROM zlast; CREATE VIEW "0" AS SELECT id, n, count(*) FROM zlast GROUP BY zlast.id;
CREATE MATERIALIZED VIEW m AS SELECT id FROM "0"; CREATE VIEW over_m AS SELECT count(*) AS c FROM m; CREATE FUNCTION counts() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT c FROM over_m; END;
ALTER TABLE zlast ADD late bigint DEFAULT counts(); CREATE MATERIALIZED VIEW of_loopy AS SELECT x FROM loopy WITH NO DATA`,
  },
  {
    name: "views over each other by their columns alone, in an order that their names do not tell",
    kinds: ["function"],
    sql: `CREATE TABLE t (a int); CREATE VIEW z1 AS SELECT a FROM t; CREATE FUNCTION f(z1) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE VIEW y2 AS SELECT f(z1) AS b, a FROM z1; CREATE TABLE x3 (r y2); CREATE VIEW w4 AS SELECT (r).b AS c FROM x3; CREATE VIEW v5 AS SELECT c FROM w4`,
  },
  {
    name: "a domain whose condition calls a function over it",
    kinds: ["function"],
    circular: true,
    sql: `CREATE DOMAIN code AS text COLLATE "C" NOT NULL; CREATE FUNCTION fine(code) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT true'; CREATE FUNCTION first_code() RETURNS code LANGUAGE sql AS 'SELECT ''x''::code';
ALTER DOMAIN code ADD CONSTRAINT fine CHECK (fine(VALUE::code)); ALTER DOMAIN code ADD CONSTRAINT late CHECK (VALUE <> '') NOT VALID; ALTER DOMAIN code SET DEFAULT first_code();
COMMENT ON DOMAIN code IS 'd'; COMMENT ON CONSTRAINT fine ON DOMAIN code IS 'c'; CREATE TABLE t (a code, b code[])`,
  },
  {
    name: "a default schema without its usual comment",
    sql: "COMMENT ON SCHEMA public IS NULL; CREATE TABLE t (a int)",
  },
  {
    name: "indexes of partitioned tables alone, one attached to the other",
    sql: `CREATE TABLE ev (at date, kind text) PARTITION BY RANGE (at); CREATE TABLE ev_24 PARTITION OF ev FOR VALUES FROM ('2024-01-01') TO ('2025-01-01') PARTITION BY LIST (kind);
CREATE TABLE ev_24_a PARTITION OF ev_24 FOR VALUES IN ('a'); CREATE TABLE ev_24_b PARTITION OF ev_24 FOR VALUES IN ('b'); CREATE INDEX whole ON ONLY ev (kind); CREATE INDEX half ON ONLY ev_24 (kind);
CREATE INDEX leaf ON ev_24_a (kind); ALTER INDEX whole ATTACH PARTITION half; ALTER INDEX half ATTACH PARTITION leaf`,
  },
];
