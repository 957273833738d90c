/** What is claimed for SQLite; `readClaims` says how to read it. */
export const sqliteClaims = `
# Tables
tables | table-create | CREATE TABLE persons | CREATE TABLE "visits" | table-drop: DROP TABLE "old" | table-rename: RENAME TO "people"
\`STRICT\` | sqlite-strict | STRICT | alter the options of table t | sqlite-table-options: alter the options of table s | -
\`WITHOUT ROWID\` | sqlite-without-rowid | WITHOUT ROWID | alter the options of table t | sqlite-table-options: alter the options of table w | -

# Columns
columns | add-column | name text | ADD COLUMN "age" | sqlite-many-changes: drop column t.b | column-rename: RENAME COLUMN
order of columns | column-order | c text | ADD COLUMN "b" | - | -
types, unknown names too | sqlite-unknown-types | DATETIME | "f" JSONB | - | type DECIMAL(12,2)
default | sqlite-column-attributes | DEFAULT CURRENT_TIMESTAMP | alter column t.d1: default lower('X') | alter column t.d3: no default | alter column t.d2: default 'b'
\`NOT NULL\` | sqlite-column-attributes | TEXT NOT NULL | alter column t.n1: not nullable | alter column t.n2: nullable | -
\`NOT NULL … ON CONFLICT\` | sqlite-conflict-change | NOT NULL ON CONFLICT FAIL | alter column added.b: not null (on conflict rollback) | alter column dropped.c: plain not null | alter column changed.c: default 'x', not null (on conflict replace)
collation | sqlite-column-attributes | COLLATE NOCASE | alter column t.c1: collation NOCASE | alter column t.c3: default collation | alter column t.c2: collation RTRIM
generated, stored | sqlite-column-attributes | (a * 2) STORED | "s3" INTEGER GENERATED ALWAYS AS (a - 1) STORED | alter column g.gone: not generated | "s1" INTEGER GENERATED ALWAYS AS (a * 3) STORED
generated, virtual | sqlite-column-attributes | (a + 1) VIRTUAL | "v3" INTEGER GENERATED ALWAYS AS (a - 2) VIRTUAL | drop column g.v2 | "v1" INTEGER GENERATED ALWAYS AS (a + 2) VIRTUAL

# Constraints
primary keys | primary-key-add | PRIMARY KEY | add primary key | primary-key-drop: drop primary key | primary-key-change: add primary key
\`AUTOINCREMENT\` | sqlite-autoincrement-change | AUTOINCREMENT | add primary key (id) to t | add primary key (id) to u | -
primary keys: \`ON CONFLICT\` | sqlite-conflict-change | PRIMARY KEY ON CONFLICT REPLACE | PRIMARY KEY ON CONFLICT REPLACE | add primary key (a) to dropped | ON CONFLICT IGNORE
primary keys: order | sqlite-key-order | PRIMARY KEY (a, b DESC) | add primary key (a, b) to added | add primary key (a, b) to dropped | add primary key (a, b) to changed
uniques | unique-sqlite | UNIQUE (a) | add unique constraint (c) to t | drop constraint old of t | add unique constraint same to t
uniques: \`ON CONFLICT\` | sqlite-conflict-change | UNIQUE ON CONFLICT IGNORE | UNIQUE ("a") ON CONFLICT IGNORE | add unique constraint (b) to dropped | ON CONFLICT FAIL
uniques: collation | sqlite-key-order | UNIQUE (b COLLATE NOCASE) | COLLATE "NOCASE" | add unique constraint (b) to dropped | COLLATE "RTRIM"
checks | sqlite-check | CHECK (a > 0) | add check It's new to t | drop constraint dropped of t | add check changed to t
foreign keys | sqlite-foreign-key-attributes | REFERENCES p | add foreign key (q) to p to added | drop foreign key (r) to p of dropped | add foreign key (p) to p to changed
foreign keys: actions | sqlite-foreign-key-attributes | ON UPDATE SET NULL | ON DELETE SET NULL | add foreign key (p) to p to dropped | ON DELETE SET DEFAULT
foreign keys: deferral | sqlite-foreign-key-attributes | DEFERRABLE INITIALLY DEFERRED | DEFERRABLE INITIALLY DEFERRED | add foreign key to_q to dropped | -

# Indexes
indexes | index | CREATE INDEX going | "folded" ON "t" | DROP INDEX "going" | "changing" ON "t"
unique | sqlite-index-attributes | CREATE UNIQUE INDEX single | CREATE UNIQUE INDEX "added" | CREATE INDEX "single" | -
expressions | sqlite-index-attributes | (lower(a)) | a || 'x' | index-expression-sqlite: CREATE INDEX "plain" ON "t" ("a") | upper(a)
partial | sqlite-index-attributes | WHERE b > 0 | WHERE a <> 'it''s' | CREATE INDEX "whole" ON "t" ("a") | WHERE b > 5
order | sqlite-index-attributes | (a DESC) | "b" DESC | CREATE INDEX "ordering" ON "t" ("a") | -
collation | sqlite-index-attributes | COLLATE NOCASE | "bare" ON "t" ("a" COLLATE "NOCASE") | CREATE INDEX "uncollated" ON "t" ("a", "b") | COLLATE "RTRIM"

# Views, triggers
views | sqlite-view | CREATE VIEW changed | CREATE VIEW "It's new" | DROP VIEW "dropped" | CREATE VIEW "changed"
names of their columns | sqlite-view | named (x, y) | "It's new" ("one") | CREATE VIEW "unnamed" AS | CREATE VIEW "named" ("x", "z")
triggers | sqlite-trigger-change | CREATE TRIGGER changed | create trigger v.v_insert | drop trigger t.gone | create trigger t.changed
`;
