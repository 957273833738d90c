import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { readRevisions } from "../../src/revision/read-folder.js";

const count = 250;
let root: string;
let folder: string;

const fileOf = (at: number) => join(folder, `${String(at).padStart(4, "0")}.sql`);
const textOf = (at: number, message = `step ${at}`) =>
  `-- ${message}\n--\n-- Revision: r${at}\n-- Revises: ${at === 0 ? "none" : `r${at - 1}`}\n-- Created: 2026-11-21T05:30:00Z\n\n-- aludel:upgrade\nSELECT ${at};\n\n-- aludel:downgrade\nSELECT 0;\n`;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "aludel-headers-"));
  folder = join(root, "revisions");
  mkdirSync(folder);
  mkdirSync(join(root, "node_modules"));
  for (let at = 0; at < count; at++) writeFileSync(fileOf(at), textOf(at));
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(root, { recursive: true, force: true });
});

/** A while later: files just written are not trusted. */
function later(): void {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 60_000 });
}

const cached = () => {
  const place = join(root, "node_modules/.cache/aludel");
  return existsSync(place) ? readdirSync(place).filter((name) => name.startsWith("headers-")) : [];
};

describe("the cache of headers", () => {
  test("gives what reading gives", async () => {
    const read = await readRevisions([folder]);
    expect(read).toHaveLength(count);
    later();
    expect(await readRevisions([folder])).toEqual(read);
    expect(cached()).toHaveLength(1);
    expect(await readRevisions([folder])).toEqual(read);
  });

  test("does not keep files that were written a moment ago", async () => {
    await readRevisions([folder]);
    expect(cached()).toHaveLength(0);
  });

  test("sees a file that was edited, replaced, removed or added", async () => {
    later();
    const before = await readRevisions([folder]);
    writeFileSync(fileOf(3), textOf(3, "STEP 3"));
    const old = new Date(2026, 0, 1);
    utimesSync(fileOf(3), old, old);
    writeFileSync(join(root, "other.sql"), textOf(4, "STEP 4"));
    renameSync(join(root, "other.sql"), fileOf(4));
    rmSync(fileOf(count - 1));
    writeFileSync(fileOf(count), textOf(count));
    const after = await readRevisions([folder]);
    expect(after).toHaveLength(count);
    expect(after[3]?.message).toBe("STEP 3");
    expect(after[3]?.checksum).not.toBe(before[3]?.checksum);
    expect(after[4]?.message).toBe("STEP 4");
    expect(after.at(-1)?.id).toBe(`r${count}`);
    expect(after.slice(5, count - 1)).toEqual(before.slice(5, count - 1));
  });

  test("is not trusted when it is broken", async () => {
    later();
    const read = await readRevisions([folder]);
    const [name = ""] = cached();
    writeFileSync(join(root, "node_modules/.cache/aludel", name), "{ half a file");
    expect(await readRevisions([folder])).toEqual(read);
  });
});
