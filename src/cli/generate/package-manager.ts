import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { textOrNull } from "./planned.js";

/** How the packages of a project are installed, and a command among them is run. */
export interface PackageManager {
  readonly name: "npm" | "pnpm" | "yarn" | "bun";
  /** The lock file, absolute; `null` without one. */
  readonly lock: string | null;
  readonly install: string;
  /** Before `aludel`; fetches no package that is not installed. */
  readonly run: string;
  /** The variable that says where downloads are kept. */
  readonly cacheVariable: string;
}

const locks = [
  ["package-lock.json", "npm"],
  ["npm-shrinkwrap.json", "npm"],
  ["pnpm-lock.yaml", "pnpm"],
  ["yarn.lock", "yarn"],
  ["bun.lock", "bun"],
  ["bun.lockb", "bun"],
] as const;

/** By the lock file that is nearest, up to the top of the repository; npm without one. */
export async function packageManagerOf(root: string, top: string): Promise<PackageManager> {
  for (let folder = root; ; folder = dirname(folder)) {
    const found = locks.find(([file]) => existsSync(join(folder, file)));
    if (found !== undefined) return manager(found[1], join(folder, found[0]));
    if (folder === top || folder === dirname(folder)) return manager("npm", null);
  }
}

async function manager(name: PackageManager["name"], lock: string | null): Promise<PackageManager> {
  switch (name) {
    case "npm": {
      const install = lock === null ? "npm install" : "npm ci";
      return { name, lock, install, run: "npx --no-install", cacheVariable: "npm_config_cache" };
    }
    case "pnpm": {
      const install = "pnpm install --frozen-lockfile";
      return { name, lock, install, run: "pnpm exec", cacheVariable: "npm_config_store_dir" };
    }
    case "yarn": {
      // Only the lock file of Yarn 2 and above begins with this entry.
      const modern = lock !== null && /^__metadata:/m.test((await textOrNull(lock)) ?? "");
      const install = `yarn install ${modern ? "--immutable" : "--frozen-lockfile"}`;
      return { name, lock, install, run: "yarn run", cacheVariable: "YARN_CACHE_FOLDER" };
    }
    case "bun": {
      const install = "bun install --frozen-lockfile";
      return { name, lock, install, run: "bun run", cacheVariable: "BUN_INSTALL_CACHE_DIR" };
    }
  }
}
