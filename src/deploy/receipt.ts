import { createHmac, timingSafeEqual } from "node:crypto";
import { readFileSync } from "node:fs";
import * as v from "valibot";
import type { DatabaseIdentity } from "../dialect/dialect.js";
import { AludelError } from "../error/error.js";

/** What a deploy says of itself to those who deploy elsewhere. It holds no secret. */
export interface Receipt {
  readonly version: 1;
  readonly environment: string;
  readonly identity: DatabaseIdentity;
  /** Checksums of what is in the database, and was when smoke checks passed, by revision. */
  readonly revisions: Readonly<Record<string, string>>;
  /** What the smoke checks of this deploy said. */
  readonly smoke: unknown;
  readonly finishedAt: string;
  readonly commit: string | null;
}

const fileShape = v.object({ receipt: v.string(), signature: v.string() });
const receiptShape = v.object({
  version: v.literal(1),
  environment: v.string(),
  revisions: v.record(v.string(), v.string()),
  finishedAt: v.pipe(v.string(), v.isoTimestamp()),
});

/** What is read of a receipt. */
export type ReadReceipt = v.InferOutput<typeof receiptShape>;

const shortestKey = 16;

function signatureOf(text: string, key: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}

/** The key, good enough to sign with. @throws AludelError `receipt-invalid`. */
export function requireKey(key: string | null): string {
  if (key !== null && key.length >= shortestKey) return key;
  throw new AludelError(
    "receipt-invalid",
    key === null ? "There is no key for receipts" : `The key for receipts has ${key.length} characters`,
    {
      remedy: `Set \`receiptKey: env("ALUDEL_RECEIPT_KEY")\` in the configuration, and the variable to at least ${shortestKey} random characters, the same for both environments.`,
    },
  );
}

/**
 * The text of a receipt's file. What is signed stands in it as text, to the letter: whoever reads it does not have to spell it
 * as it was.
 */
export function signReceipt(receipt: Receipt, key: string): string {
  const text = JSON.stringify(receipt);
  const signature = signatureOf(text, key).toString("hex");
  return `${JSON.stringify({ receipt: text, signature }, null, 2)}\n`;
}

/**
 * Reads a receipt, if it counts: signed with the key, and not older than `maxAgeMs`.
 *
 * @throws AludelError `receipt-invalid`, `file-unreadable`.
 */
export function readReceipt(
  file: string,
  { key, maxAgeMs, now }: { readonly key: string; readonly maxAgeMs: number; readonly now: number },
): ReadReceipt {
  const refused = (because: string, remedy: string) =>
    new AludelError("receipt-invalid", `The receipt does not count: ${because}`, { where: { file }, remedy });
  const again = "Deploy there again with --write-receipt, and give the file as it was written.";
  const whole = v.safeParse(fileShape, parsed(textOf(file)));
  if (!whole.success) throw refused("it is none, or was cut off", again);
  const { receipt: text, signature } = whole.output;
  const [said, right] = [Buffer.from(signature, "hex"), signatureOf(text, key)];
  if (said.length !== right.length || !timingSafeEqual(said, right)) {
    throw refused("it is not signed with this key, or was changed since", again);
  }
  const inside = v.safeParse(receiptShape, parsed(text));
  if (!inside.success)
    throw refused("another version of Aludel wrote it", "Use the same version in both places.");
  const age = now - Date.parse(inside.output.finishedAt);
  if (age > maxAgeMs) {
    const hours = (milliseconds: number) => `${(milliseconds / 3_600_000).toFixed(1)} hours`;
    throw refused(
      `it is ${hours(age)} old, and counts for ${hours(maxAgeMs)}`,
      "Deploy there again; `receiptMaxAge` says how long a receipt counts.",
    );
  }
  return inside.output;
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new AludelError("file-unreadable", "The receipt cannot be read", {
      where: { file },
      cause,
      remedy: "Give the path of the file that --write-receipt wrote.",
    });
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
