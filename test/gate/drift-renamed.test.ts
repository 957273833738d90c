import { expect, test } from "vitest";
import { revisions, testProject } from "../run/project.js";

const made = {
  id: "aaaa",
  up: `await op.execute("CREATE TABLE events (id integer NOT NULL, n integer CHECK (n > 0)) PARTITION BY RANGE (id)");
    await op.execute("CREATE TABLE events_old PARTITION OF events (CHECK (id > 5)) FOR VALUES FROM (1) TO (100)");`,
};

test.each([
  ["a table that is renamed", 'await op.renameTable("events", "happenings");'],
  ["a column that is renamed", 'await op.renameColumn("events", "id", "number");'],
  ["a partition that is detached", 'await op.detachPartition("events_old");'],
  [
    "a partition that is detached CONCURRENTLY",
    'await op.detachPartition("events_old", { concurrently: true });',
  ],
])("%s is no drift, and what is done to it by hand is", async (_, up) => {
  const project = await testProject("postgres", revisions(made, { id: "bbbb", revises: "aaaa", up }));
  expect(await project.run("upgrade")).toMatchObject({ exit: 0 });
  expect((await project.json("drift")).answer).toMatchObject({ changedByHand: [] });
  await project.execute("ALTER TABLE events_old ALTER COLUMN n SET NOT NULL");
  expect((await project.json("drift")).answer["changedByHand"]).toEqual([
    "alter column events_old.n: not nullable",
  ]);
});
