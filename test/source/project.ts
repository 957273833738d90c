import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll } from "vitest";

const made: string[] = [];

afterAll(async () => {
  for (const folder of made) await rm(folder, { recursive: true, force: true });
});

/** A folder with these files and the packages of this repository; gone after the tests. */
export async function makeProject(
  files: Readonly<Record<string, string>>,
  options: { readonly linkPackages: boolean } = { linkPackages: true },
): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "aludel-source-"));
  made.push(root);
  if (options.linkPackages) await symlink(join(process.cwd(), "node_modules"), join(root, "node_modules"));
  for (const [name, text] of Object.entries({ "package.json": '{"type":"module"}', ...files })) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), text);
  }
  return root;
}
