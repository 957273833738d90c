// Cold commands that read the graph: a line of 10,000 revisions, and 5,000 with 500 branches and merges.
import { readdirSync, rmSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { must, race } from "../measure.mjs";
import { printTable } from "../print.mjs";
import { branching, cli, makeFolder, writeConfig, writeRevisions } from "../project.mjs";

const node = process.execPath;
const commands = ["heads", "current", "history", "validate"];

export async function run() {
  await measure("a line of 10,000 revisions", 10_000, "ts", undefined);
  await measure("5,000 revisions with 500 branches and merges", 5_000, "ts", branching);
  await measure("a line of 10,000 revisions in SQL", 10_000, "sql", undefined);
}

async function measure(title, count, format, parentsOf) {
  const folder = makeFolder("graph");
  writeConfig(folder, "sqlite:./bench.db");
  writeRevisions(folder, count, format, parentsOf);
  // Files that were just written are not kept in the cache.
  const old = new Date(Date.now() - 60_000);
  const revisions = join(folder, "revisions");
  for (const name of readdirSync(revisions)) utimesSync(join(revisions, name), old, old);
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  must([node, cli, "stamp", "heads"], folder);
  const nothing = { name: "node -e 0", command: [node, "-e", "0"] };
  const contender = (command) => ({
    name: `aludel ${command}`,
    command: [node, cli, command],
    cwd: folder,
  });
  // Fills the cache, as any earlier command does.
  must([node, cli, "validate"], folder);
  printTable(`${title}`, await race([nothing, ...commands.map(contender)], { runs: 5, processorRuns: 5 }));
  const cache = join(folder, "node_modules/.cache");
  const uncached = (command) => ({
    ...contender(command),
    name: `aludel ${command}, cache removed`,
    before: () => rmSync(cache, { recursive: true, force: true }),
  });
  printTable(
    `${title}, cache removed`,
    await race([nothing, ...["heads", "validate"].map(uncached)], { runs: 3, processorRuns: 3 }),
  );
}
