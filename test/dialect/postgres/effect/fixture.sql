CREATE SCHEMA s;
SET search_path = s, public;
CREATE TYPE e AS ENUM ('a', 'b');
CREATE TYPE comp AS (x int, y text);
CREATE DOMAIN dom_plain AS int;
CREATE DOMAIN dom_chk AS int CHECK (VALUE > 0);
CREATE FUNCTION volf() RETURNS int LANGUAGE sql VOLATILE AS 'select (random() * 10)::int';
CREATE FUNCTION stabf() RETURNS int LANGUAGE sql STABLE AS 'select 1';
CREATE FUNCTION trf() RETURNS trigger LANGUAGE plpgsql AS 'begin return new; end';
CREATE SEQUENCE sq;
CREATE TABLE parent (id int PRIMARY KEY);
CREATE TABLE fp (id int PRIMARY KEY);
CREATE TABLE t (
  id int PRIMARY KEY,
  a int,
  b int NOT NULL,
  pid int,
  dflt int DEFAULT 5,
  txt text,
  c_chk int CHECK (c_chk IS NOT NULL),
  big bigint,
  vc varchar(10),
  ch char(10),
  num numeric(10, 2),
  ts timestamp,
  tstz timestamptz,
  tm time(3),
  ivl interval(3),
  ip cidr,
  vb varbit(4),
  bt bit(4),
  j json,
  en e,
  dp dom_plain
);
CREATE INDEX t_a_idx ON t (a);
CREATE INDEX t_vc_idx ON t (vc);
CREATE UNIQUE INDEX t_b_uq ON t (b);
CREATE STATISTICS st1 ON a, b FROM t;
INSERT INTO parent SELECT generate_series(1, 20);
INSERT INTO fp SELECT generate_series(0, 2000);
INSERT INTO t (id, a, b, pid, c_chk, big, vc, bt, dp) SELECT n, n, n, n, n, n, n::text, B'1010', n FROM generate_series(1, 20) n;
ALTER TABLE t ADD CONSTRAINT t_nv_chk CHECK (b > 0) NOT VALID;
ALTER TABLE t ADD CONSTRAINT t_nv_fk FOREIGN KEY (pid) REFERENCES parent (id) NOT VALID;
CREATE TABLE child (id int PRIMARY KEY, t_id int REFERENCES t (id));
CREATE VIEW v AS SELECT pid, b FROM t;
CREATE MATERIALIZED VIEW mv AS SELECT pid, b FROM t;
CREATE UNIQUE INDEX mv_b ON mv (b);
CREATE TABLE tu (id int);
CREATE UNIQUE INDEX tu_uq ON tu (id);
INSERT INTO tu VALUES (1);
CREATE TABLE tu_empty (id int);
CREATE TABLE tnn (id int NOT NULL);
CREATE UNIQUE INDEX tnn_uq ON tnn (id);
CREATE TABLE tnc (id int CHECK (id IS NOT NULL));
CREATE UNIQUE INDEX tnc_uq ON tnc (id);
CREATE TABLE tt (id int PRIMARY KEY, a int);
CREATE TRIGGER tr BEFORE INSERT ON tt FOR EACH ROW EXECUTE PROCEDURE trf();
CREATE RULE r1 AS ON DELETE TO tt DO ALSO SELECT 1;
CREATE UNLOGGED TABLE tul (id int);
CREATE TABLE tuq (a int UNIQUE);
CREATE TABLE idn (id int GENERATED ALWAYS AS IDENTITY);
CREATE TABLE t2x (s text);
CREATE TABLE tck (s varchar(10) CHECK (s <> ''));
CREATE TABLE fkp (s varchar(10) PRIMARY KEY);
CREATE TABLE fkc (s varchar(10) REFERENCES fkp (s));
CREATE TABLE inh_p (k int);
CREATE TABLE inh_c (k int);
CREATE TABLE inh_c2 () INHERITS (inh_p);
CREATE TABLE ot (x int, y text);
CREATE TABLE usesd (d dom_plain);
INSERT INTO usesd VALUES (1);
CREATE TABLE pt (k int, v int) PARTITION BY RANGE (k);
CREATE TABLE pt1 PARTITION OF pt FOR VALUES FROM (0) TO (500);
CREATE TABLE pt2 PARTITION OF pt FOR VALUES FROM (500) TO (1000);
CREATE INDEX pt_v ON pt (v);
INSERT INTO pt SELECT n, n FROM generate_series(1, 900, 50) n;
CREATE TABLE pn (k int, v int);
CREATE TABLE pnc (k int NOT NULL, v int, CHECK (k >= 1000 AND k < 1500));
CREATE TABLE ptd (k int, v int) PARTITION BY RANGE (k);
CREATE TABLE ptd1 PARTITION OF ptd FOR VALUES FROM (0) TO (500);
CREATE TABLE ptdef PARTITION OF ptd DEFAULT;
