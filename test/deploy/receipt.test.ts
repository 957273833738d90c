import { join } from "node:path";
import { expect, test } from "vitest";
import { type Receipt, readReceipt, requireKey, signReceipt } from "../../src/deploy/receipt.js";
import { AludelError } from "../../src/error/error.js";
import { temporaryFolder } from "../temporary-folder.js";

const key = "0123456789abcdef0123";
const now = Date.parse("2026-11-22T12:00:00Z");
const hour = 3_600_000;

const receipt: Receipt = {
  version: 1,
  environment: "staging",
  identity: { host: "db.example.com", database: "app", systemIdentifier: null },
  revisions: { aaaa: "11", bbbb: "22" },
  smoke: { checks: [] },
  finishedAt: "2026-11-22T11:00:00.000Z",
  commit: null,
};

function read(text: string, given: { key?: string; maxAgeMs?: number } = {}) {
  const folder = temporaryFolder({ "receipt.json": text });
  try {
    return readReceipt(join(folder, "receipt.json"), { key, maxAgeMs: 24 * hour, now, ...given });
  } catch (error) {
    if (!(error instanceof AludelError)) throw error;
    return `${error.code}: ${error.message}`;
  }
}

test("a receipt is read by who has the key", () => {
  expect(read(signReceipt(receipt, key))).toMatchObject({
    environment: "staging",
    revisions: receipt.revisions,
  });
});

test("one that is forged, cut off or old does not count", () => {
  const text = signReceipt(receipt, key);
  const notSigned =
    "receipt-invalid: The receipt does not count: it is not signed with this key, or was changed since";
  expect(read(text.replace("bbbb", "cccc"))).toBe(notSigned);
  expect(read(text, { key: `${key}4` })).toBe(notSigned);
  const unsigned = { ...(JSON.parse(text) as object), signature: "" };
  expect(read(JSON.stringify(unsigned))).toBe(notSigned);
  expect(read(text.slice(0, 40))).toContain("it is none, or was cut off");
  expect(read(JSON.stringify(receipt))).toContain("it is none, or was cut off");
  expect(read(text, { maxAgeMs: hour / 2 })).toBe(
    "receipt-invalid: The receipt does not count: it is 1.0 hours old, and counts for 0.5 hours",
  );
});

test("what could be guessed is no key", () => {
  expect(requireKey(key)).toBe(key);
  for (const bad of [null, "", "short"]) expect(() => requireKey(bad)).toThrow(AludelError);
});
