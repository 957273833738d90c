import { existsSync } from "node:fs";
import { dirname, join, resolve, sep } from "node:path";
import { AludelError } from "../../error/error.js";
import { git } from "../../revision/git-revisions.js";
import { shellWord } from "./ci-workflow.js";
import { inTheWay, type Planned, plannedFile, textOrNull } from "./planned.js";
import { type ProjectPlace, pathFrom } from "./project-place.js";

const lefthookFiles = ["lefthook", ".lefthook"].flatMap((name) =>
  ["yml", "yaml", "toml", "json"].map((ending) => `${name}.${ending}`),
);

/**
 * The hook that git runs before a commit; `null` where somebody has written one that calls the guard already.
 *
 * @throws AludelError `git-failed` outside a repository; `file-exists` where the hooks are somebody else's.
 */
export async function planHook(place: ProjectPlace): Promise<Planned | null> {
  const { top, manager } = place;
  const lines = ["aludel guard, when models or revisions are staged:", `  ${byHand(place)}`];
  const lefthook = lefthookFiles.map((name) => join(top, name)).find((file) => existsSync(file));
  if (lefthook !== undefined) {
    if ((await textOrNull(lefthook))?.includes("aludel guard")) return null;
    throw inTheWay(lefthook, {
      lines: [],
      remedy: `lefthook looks after the hooks here. Add a command of pre-commit to it: run: ${manager.run} aludel guard --base HEAD`,
    });
  }
  const file = await hookFile(place);
  if ((await textOrNull(file))?.split("\n").some((line) => /^[^#]*aludel guard/.test(line))) {
    const text = await textOrNull(file);
    if (text !== hookText(place)) return null;
  }
  const planned = await plannedFile(file, hookText(place), {
    lines,
    remedy: "Add the line above to it by hand; it is left as it is.",
  });
  return { ...planned, executable: true };
}

async function hookFile({ top }: ProjectPlace): Promise<string> {
  const hooks = resolve(top, (await git(top, ["rev-parse", "--git-path", "hooks"])).trim());
  if (existsSync(join(top, ".husky"))) return join(top, ".husky/pre-commit");
  const own = resolve(top, (await git(top, ["rev-parse", "--git-common-dir"])).trim());
  if ([top, own].some((folder) => hooks.startsWith(`${folder}${sep}`))) return join(hooks, "pre-commit");
  throw new AludelError("git-failed", "core.hooksPath leads out of this repository", {
    where: { file: hooks },
    remedy:
      "A hook there would be run in other repositories, too: set core.hooksPath of this one, or add it by hand.",
  });
}

/** What is looked at: a glob stands for the folder that it begins in. */
function watched({ config, top }: ProjectPlace): readonly string[] {
  const models = config.schema
    .filter((pattern) => !pattern.startsWith("!"))
    .map((pattern) => {
      const magic = existsSync(pattern) ? -1 : pattern.search(/[*?{[(!]/);
      return magic < 0 ? pattern : dirname(`${pattern.slice(0, magic)}x`);
    });
  const paths = [...models, ...config.revisionFolders, config.file].map((path) => pathFrom(top, path) || ".");
  return [...new Set(paths)].filter((path) => !path.startsWith(".."));
}

function byHand(place: ProjectPlace): string {
  const paths = watched(place).map(shellWord).join(" ");
  return `git diff --cached --quiet -- ${paths} || ${place.manager.run} aludel guard --base HEAD || exit 1`;
}

function hookText(place: ProjectPlace): string {
  const { config, top, manager } = place;
  const folder = pathFrom(top, config.root) || ".";
  const revisions = config.revisionFolders.map((path) => shellWord(pathFrom(top, path) || ".")).join(" ");
  return `#!/bin/sh
# Do the models of this commit have their revision? Written by \`aludel init --hooks\`, and yours to change.
# It says what to do and generates nothing. \`git commit --no-verify\` goes without it.
git rev-parse --quiet --verify HEAD >/dev/null || exit 0
git --literal-pathspecs diff --cached --quiet -- ${watched(place).map(shellWord).join(" ")} && exit 0

# The guard reads the files as they are: a revision that the commit leaves out would count.
left=$(git --literal-pathspecs ls-files --others --modified --exclude-standard -- ${revisions})
if [ -n "$left" ]; then
  echo "aludel: revisions are not staged, and would be missing in this commit:" >&2
  echo "$left" | sed 's/^/  /' >&2
  echo "Stage them: git add" ${revisions} >&2
  exit 1
fi

# What git tells its hooks about this commit is not for the commands of git that the guard runs.
unset $(git rev-parse --local-env-vars)
cd ${shellWord(folder)} || exit 1
${manager.run} aludel guard --base HEAD >&2 && exit 0
echo "aludel: the commit was refused. If the models have changed, write their revision and stage it:" >&2
echo '  ${manager.run} aludel revision --autogenerate -m "what has changed"' >&2
exit 1
`;
}
