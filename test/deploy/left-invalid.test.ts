import { expect, test } from "vitest";
import { deployProject, index, preflight } from "./project.js";

test("a deploy goes on after an index that could not be built", async () => {
  const unique = {
    ...index,
    up: 'await op.createIndex("ix_name", "persons", ["name"], { unique: true, concurrently: true });',
    down: 'await op.dropIndex("ix_name", { table: "persons", concurrently: true });',
  };
  const project = await deployProject("postgres", [unique]);
  await project.execute("INSERT INTO persons VALUES (1, 'Ada'), (2, 'Ada')");
  const failed = await project.run("deploy --env production");
  expect(failed.exit).toBe(2);
  expect(failed.stderr).toContain(
    "Nothing of revision bbbb is applied. What the statement has left, an invalid index, is dropped when it is run again.",
  );
  expect(failed.stderr).not.toContain("rolled back");
  expect(failed.stderr).toContain("Then run `aludel deploy --env production` again.");
  expect(failed.stderr).not.toContain("aludel upgrade");
  expect((await preflight(project))["drift"]).toMatchObject({
    verdict: "passed",
    told: expect.stringContaining("left invalid (ix_name)"),
  });

  await project.execute("CREATE INDEX by_hand ON persons (id)");
  expect((await preflight(project))["drift"]).toMatchObject({
    verdict: "failed",
    details: [expect.stringContaining("by_hand")],
  });
  await project.execute("DROP INDEX by_hand; DELETE FROM persons WHERE id = 2");
  const done = await project.run("deploy --env production");
  expect({ exit: done.exit, stderr: done.stderr }).toMatchObject({ exit: 0 });
  expect(await project.rows()).toEqual(["bbbb"]);
});
