import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { AludelError } from "../../error/error.js";
import { isAlive } from "../owner.js";

/**
 * Keeps a second process of Aludel out of a PGlite folder, until the function it resolves with is called. PGlite itself
 * opens a folder twice without a word, and then two servers write to the same files. Other programs are not kept out.
 *
 * @throws AludelError `connection-failed` with the process that has it.
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const file = `${folder}.lock`;
  await mkdir(dirname(file), { recursive: true });
  for (let attempt = 0; ; attempt++) {
    try {
      await writeFile(file, `${process.pid}\n`, { flag: "wx" });
      return () => rm(file, { force: true });
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== "EEXIST") throw thrown;
    }
    const pid = Number.parseInt(await readFile(file, "utf8").catch(() => ""), 10);
    if (attempt > 1 || isAlive(pid)) {
      throw new AludelError("connection-failed", `${folder} is open in process ${pid}`, {
        remedy: `Wait until that process has ended; if it is not Aludel, delete ${file}.`,
        where: { file: folder },
        data: { pid },
      });
    }
    await rm(file, { force: true }); // of a process that is no more
  }
}
