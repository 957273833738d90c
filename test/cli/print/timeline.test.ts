import { expect, test } from "vitest";
import { showTimeline } from "../../../src/cli/print/timeline.js";
import { timelineSvg } from "../../../src/cli/print/timeline-svg.js";
import { analysePostgres } from "../../../src/dialect/postgres/effect/analyse.js";
import { type TimelineStatement, timelineOf, timelineStatement } from "../../../src/effect/timeline.js";

const plain = (_: unknown, text: string) => text;

const before = `CREATE TABLE team (id int PRIMARY KEY);
CREATE TABLE "Order <x> & ""y""" (id int PRIMARY KEY, team_id int);`;
const change = `ALTER TABLE "Order <x> & ""y""" ADD FOREIGN KEY (team_id) REFERENCES team;
CREATE TABLE born (id int);
ALTER TABLE team ADD COLUMN n int;
ALTER TABLE born ADD COLUMN n int;`;

async function analysed(inTransaction: boolean): Promise<readonly TimelineStatement[]> {
  const sources = [before, change].map((text, at) => ({ file: `${at}.sql`, text }));
  const all = await analysePostgres(sources, { serverVersion: 18, inTransaction });
  return all.filter(({ source }) => source === 1).map(timelineStatement);
}

test("locks are held until the commit, and only on what was there before", async () => {
  expect(showTimeline(timelineOf(await analysed(true)), plain, 80)).toBe(
    [
      "                         1 2 3 4",
      "  public.team            ▒▒▒ ███",
      '  public.Order <x> & "y" ▒▒▒▒▒▒▒',
      "  █ reads and writes blocked  ▒ writes blocked  · locked, others go on",
    ].join("\n"),
  );
});

test("without a transaction each lock is for one statement", async () => {
  expect(timelineOf(await analysed(false)).rows).toEqual([
    { relation: "public.team", modes: ["SHARE ROW EXCLUSIVE", null, "ACCESS EXCLUSIVE", null] },
    { relation: 'public.Order <x> & "y"', modes: ["SHARE ROW EXCLUSIVE", null, null, null] },
  ]);
});

test("what does not fit into a line stands below", async () => {
  const many = Array.from({ length: 30 }, () => ({
    sql: "",
    held: new Map(),
    locks: new Map([["public.a", "SHARE UPDATE EXCLUSIVE" as const]]),
    durationMs: 1,
  }));
  const lines = showTimeline(timelineOf(many), plain, 60).split("\n");
  expect(lines).toHaveLength(5);
  expect(lines.every((line) => line.length <= 70)).toBe(true);
  expect(lines[2]).toMatch(/^ +\d+/);
});

test("nothing is drawn of nothing", () => {
  expect(showTimeline(timelineOf([]), plain, 80)).toBe("");
});

test("as SVG, well-formed whatever the names are", async () => {
  const timeline = timelineOf(await analysed(true));
  const svg = timelineSvg([{ title: "a & b \u0000", timeline }]);
  expect(svg).toContain("public.Order &lt;x&gt; &amp; &quot;y&quot;");
  expect(svg).toContain(
    "<title>ACCESS EXCLUSIVE, statements 3 to 4: ALTER TABLE team ADD COLUMN n int</title>",
  );
  expect(svg).toContain("a &amp; b \ufffd");
  expect(svg.match(/fill="#c0392b"/g)).toHaveLength(2);
  const open = svg.match(/<(?!\/)(?:[^>]*[^/])>/g) ?? [];
  expect(open.length).toBe((svg.match(/<\/[a-z]+>/g) ?? []).length);
});
