import { type Examined, examineDatabase } from "../../check/doctor/examine-database.js";
import { readModels } from "../../check/read-models.js";
import { validate } from "../../check/validate/validate.js";
import { selectionOf } from "../../config/environment.js";
import type { Ailment } from "../../dialect/ailment.js";
import { AludelError } from "../../error/error.js";
import { redact } from "../../error/redact.js";
import type { Context } from "../context.js";
import type { ExitCode } from "../options.js";
import { count } from "../print/progress.js";

/** `aludel doctor`: what is wrong here, and what mends it? */
export async function run(context: Context): Promise<ExitCode> {
  const { out } = context;
  const examined = await examine(context);
  const found = examined.flatMap((one) => one.found);
  const problems = found.filter(({ severity }) => severity === "problem");
  out.data({
    healthy: problems.length === 0,
    looked: examined.map(({ what }) => what),
    found,
  });
  const mark = ({ found }: Examined) => {
    if (found.length === 0) return out.style("green", "fine");
    return found.some(({ severity }) => severity === "problem") ? out.style("red", "not fine") : "fine";
  };
  const lines = examined.flatMap((one) => [
    `${one.what}: ${mark(one)}`,
    ...one.found.flatMap((ailment) => told(ailment, context)),
  ]);
  out.text(lines.join("\n"));
  out.talk(problems.length === 0 ? "Nothing is wrong." : `${count(problems.length, "problem")}.`);
  return problems.length === 0 ? 0 : 1;
}

function told({ code, severity, message, remedy }: Ailment, { out }: Context): readonly string[] {
  const sign = out.style(severity === "problem" ? "red" : "yellow", code);
  return [`  ${sign} ${message}`, `    ${out.style("cyan", "→")} ${remedy}`];
}

/** One after the other: what comes later stands on what came before. */
async function examine(context: Context): Promise<readonly Examined[]> {
  const examined: Examined[] = [];
  const look = async (what: string, ask: () => Promise<readonly Ailment[]>) => {
    const found = await asked(ask);
    examined.push(withoutPasswords({ what, found }));
    return found.every(({ severity }) => severity === "note");
  };
  const isConfigured = await look("the configuration", async () => {
    await context.config();
    return [];
  });
  if (!isConfigured) return examined;
  await look("the models", () => examineModels(context));
  if (!(await look("the revisions", () => examineRevisions(context)))) return examined;
  let connection: Awaited<ReturnType<Context["connect"]>> | null = null;
  const isThere = await look("the connection", async () => {
    connection = await context.connect({ mustExist: true });
    return [];
  });
  if (!isThere || connection === null) return examined;
  const selection = (await context.isNamed()) ? ` ${selectionOf((await context.environment()).name)}` : "";
  const inside = await examineDatabase(await context.project(), connection, context.openScratch, selection);
  return [...examined, ...inside.map(withoutPasswords)];
}

/** What is told of an error is not printed as one. */
function withoutPasswords({ what, found }: Examined): Examined {
  const clean = ({ message, remedy, ...rest }: Ailment): Ailment => ({
    ...rest,
    message: redact(message),
    remedy: redact(remedy),
  });
  return { what, found: found.map(clean) };
}

async function asked(ask: () => Promise<readonly Ailment[]>): Promise<readonly Ailment[]> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof AludelError)) throw error;
    const { code, message, remedy, details, where } = error;
    const place = where.file === undefined ? "" : ` (${where.file})`;
    const more = details.map((detail) => `\n    ${detail}`).join("");
    return [{ code, severity: "problem", message: `${message}${place}${more}`, remedy }];
  }
}

async function examineModels(context: Context): Promise<readonly Ailment[]> {
  const config = await context.config();
  if (config.schema.length > 0) {
    await readModels(config, await context.dialectName(), context.openScratch);
    return [];
  }
  const message = "The configuration names no models, so that nothing can be held against them";
  return [
    {
      code: "models-none",
      severity: "note",
      message,
      remedy: 'Name their files: schema: "./src/schema.ts".',
    },
  ];
}

async function examineRevisions(context: Context): Promise<readonly Ailment[]> {
  const { revisionFolders, fileName, sum, history } = await context.config();
  const { findings } = validate({ folders: revisionFolders, fileName, sum, history });
  const wrong = findings.map(
    ({ code, severity, message, remedy, file, line }): Ailment => ({
      code,
      severity: severity === "error" ? "problem" : "note",
      message: `${file}:${line} ${message}`,
      remedy,
    }),
  );
  if (wrong.some(({ severity }) => severity === "problem")) return wrong;
  const { heads } = await context.graph();
  if (heads.length < 2) return wrong;
  return [
    ...wrong,
    {
      code: "multiple-heads",
      severity: "problem",
      message: `There are ${heads.length} heads: ${heads.map(({ id }) => id).join(", ")}. Two branches were merged in git, and their revisions were not`,
      remedy: 'Merge them: `aludel merge heads -m "merge"`, or put one above the other: `aludel rebase`.',
    },
  ];
}
