// A schema of 2,000 tables × 15 columns × 3 indexes: a diff that finds nothing, and the first revision.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { rolldown } from "rolldown";
import { createTestDatabase } from "../../test/server/server.mjs";
import { must, race } from "../measure.mjs";
import { printTable } from "../print.mjs";
import { cli, makeFolder, writeConfig, writeModels } from "../project.mjs";

const node = process.execPath;
const script = (path) => new URL(`../${path}`, import.meta.url).pathname;
const shape = "2,000 tables × 15 columns × 3 indexes";

export async function run() {
  const { url, drop } = await createTestDatabase();
  const folder = makeFolder("large");
  writeConfig(folder, url);
  writeModels(folder, 2_000, 15, 3);
  const first = [node, cli, "revision", "--autogenerate", "-m", "first", "--no-verify", "-q"];
  printTable(
    `First revision of ${shape}, written`,
    await race(
      [
        { name: "node -e 0", command: [node, "-e", "0"] },
        {
          name: "aludel revision --autogenerate --no-verify",
          command: first,
          cwd: folder,
          before: () => rmSync(join(folder, "revisions"), { recursive: true, force: true }),
        },
      ],
      { runs: 5 },
    ),
  );
  must([node, cli, "upgrade", "-q"], folder);
  const program = await bundled(folder);
  const [stored, queries] = [join(folder, "schema.bin"), join(folder, "queries.json")];
  must([node, program, "write", url, stored], folder);
  must([node, "--import", script("floor/record-queries.mjs"), program, "diff", url, stored], folder, {
    ALUDEL_BENCH_QUERIES: queries,
  });
  printTable(
    `Nothing to change, ${shape}`,
    await race(
      [
        {
          name: "floor: the same catalog queries, bare",
          command: [node, script("floor/catalog.mjs"), url, queries],
        },
        { name: "inspection and diff", command: [node, program, "diff", url, stored], cwd: folder },
        {
          name: "aludel check --database, models of Drizzle loaded",
          command: [node, cli, "check", "--database"],
          cwd: folder,
        },
      ],
      { runs: 5 },
    ),
  );
  await drop();
}

/** The program of the diff as one file, so that loading it costs what loading the command does. */
async function bundled(folder) {
  const bundle = await rolldown({ input: script("large-diff.ts"), platform: "node", external: ["pg"] });
  const file = join(folder, "large-diff.mjs");
  await bundle.write({ file, format: "esm", codeSplitting: false });
  return file;
}
