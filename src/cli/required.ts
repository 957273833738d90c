import { resolve } from "node:path";
import { provenRevisions } from "../deploy/deploy-log.js";
import type { Required } from "../deploy/preflight/check.js";
import { type ReadReceipt, readReceipt, requireKey } from "../deploy/receipt.js";
import { AludelError } from "../error/error.js";
import { requireIdentity } from "../run/identity.js";
import { requireMarker } from "../run/marker.js";
import type { Context } from "./context.js";

interface FoundReceipt {
  readonly file: string;
  readonly receipt: ReadReceipt;
}

/**
 * What the environments that have to be ahead say: each by its receipt, or else asked itself.
 * @throws AludelError `receipt-invalid`, `file-unreadable`: who gives a receipt means it.
 */
export async function requiredOf(
  context: Context,
  names: readonly string[],
  files: readonly string[],
): Promise<readonly Required[]> {
  const { receiptKey, receiptMaxAgeMs: maxAgeMs } = await context.config();
  const receipts = files.map((file): FoundReceipt => {
    const path = resolve(context.cwd, file);
    return { file, receipt: readReceipt(path, { key: requireKey(receiptKey), maxAgeMs, now: Date.now() }) };
  });
  for (const { file, receipt } of receipts) {
    if (names.includes(receipt.environment)) continue;
    const { name } = await context.environment();
    throw new AludelError(
      "receipt-invalid",
      `The receipt is of ${receipt.environment}, which ${name} does not require`,
      {
        where: { file },
        remedy: `Give a receipt of ${names.length === 0 ? `an environment that \`environments.${name}.requires\` names` : names.join(" or ")}.`,
      },
    );
  }
  const found: Required[] = [];
  for (const name of names) found.push(await requiredFrom(context, name, receipts));
  return found;
}

async function requiredFrom(
  context: Context,
  environment: string,
  receipts: readonly FoundReceipt[],
): Promise<Required> {
  const given = receipts.find(({ receipt }) => receipt.environment === environment);
  if (given !== undefined) {
    const { file, receipt } = given;
    return { environment, from: `receipt ${file}`, proven: new Map(Object.entries(receipt.revisions)) };
  }
  const from = "its database";
  try {
    return { environment, from, proven: await askedItself(context, environment) };
  } catch (error) {
    if (!(error instanceof AludelError)) throw error;
    const remedy = `${error.remedy} Or give what its deploy wrote: --receipt FILE.`;
    return { environment, from, proven: { unknown: error.message, remedy } };
  }
}

async function askedItself(context: Context, name: string): Promise<ReadonlyMap<string, string>> {
  const [config, project] = [await context.config(), await context.project()];
  const { chooseEnvironment } = await import("../config/environment.js");
  const environment = chooseEnvironment(config, { url: null, name });
  const { dialect } = project;
  const connection = await dialect.connect(environment.url, {
    directory: config.root,
    applicationName: "aludel",
    mustExist: true,
  });
  try {
    await requireIdentity(dialect, connection, environment);
    await requireMarker(dialect, connection, environment, config);
    return await provenRevisions(project, connection);
  } finally {
    await connection.close();
  }
}
