import type { BaseComparison } from "../../check/conflicts/base.js";
import { validate } from "../../check/validate/validate.js";
import type { Gate, GateFinding, Verdict } from "../check.js";

/** One head, and one after the merge, too. */
export function heads({ project, base }: Gate, beside: BaseComparison): Verdict {
  const own = project.graph.finalHeads;
  const byId = new Map(project.revisions.map((revision) => [revision.id, revision]));
  const parallel = own.length > 1;
  // What the merge would add is told only where the working tree has one head by itself.
  const found = parallel ? own.flatMap(({ id }) => byId.get(id) ?? []) : beside.heads;
  const added = new Set(beside.newHere.map(({ id }) => id));
  const [place] = [...found].sort((a, b) => Number(added.has(b.id)) - Number(added.has(a.id)));
  const names = found.map(({ id }) => id).join(", ");
  const message = parallel
    ? `There are ${found.length} heads: ${names}`
    : `A merge into ${base.reference} would have ${found.length} heads: ${names}`;
  const remedy = parallel
    ? 'Join them: aludel merge heads -m "…", or put one behind the other: aludel rebase.'
    : `Bring ${base.reference} in and put the new revision behind its head: git merge ${base.reference}, then aludel rebase.`;
  const finding: GateFinding = {
    check: "heads",
    code: "heads-many",
    severity: "error",
    message,
    remedy,
    file: place?.file ?? null,
    line: 1,
    revision: place?.id ?? null,
  };
  return {
    looked: `${project.revisions.length} revisions here, ${beside.newThere.length} new on ${base.reference}`,
    skipped: null,
    findings: found.length > 1 ? [finding] : [],
  };
}

/** Every revision file is what it should be. */
export function valid({ project }: Gate): Verdict {
  const { fileName, sum, history, revisionFolders } = project.config;
  const { files, findings } = validate({ folders: revisionFolders, fileName, sum, history });
  return {
    looked: `${files} files${sum ? " and their checksums" : ""}`,
    skipped: null,
    findings: findings.map((one) => ({ check: "validate", ...one })),
  };
}

/** What the base has may have run somewhere, and stays as it is. */
export function unchanged({ base }: Gate, beside: BaseComparison, allowed: readonly string[]): Verdict {
  const changed = beside.different.filter(({ changed }) => changed !== "there");
  const isAllowed = (id: string) => allowed.some((one) => one.length >= 4 && id.startsWith(one));
  const findings = [
    ...changed.map(({ here }): GateFinding => {
      const severity = isAllowed(here.id) ? "info" : "error";
      return {
        check: "unchanged",
        code: "revision-edited",
        severity,
        message: `Revision ${here.id} is other than on ${base.reference}`,
        remedy: `Take the change back, git checkout ${base.commit.slice(0, 12)} -- FILE, and write a new revision; if it ran nowhere: --allow-edit ${here.id}.`,
        file: here.file,
        line: 1,
        revision: here.id,
      };
    }),
    ...beside.removedHere.map(
      (gone): GateFinding => ({
        check: "unchanged",
        code: "revision-removed",
        severity: isAllowed(gone.id) ? "info" : "error",
        message: `Revision ${gone.id} (${gone.message}), which ${base.reference} has, is gone`,
        remedy: `Bring it back: git checkout ${base.commit.slice(0, 12)} -- FILE. What a squash has replaced: --allow-edit ${gone.id}.`,
        file: gone.file,
        line: null,
        revision: gone.id,
      }),
    ),
    ...beside.unreadable.map(
      ({ file, message }): GateFinding => ({
        check: "unchanged",
        code: "revision-unreadable",
        severity: "warning",
        message: `A file on ${base.reference} could not be read: ${message}`,
        remedy: "Mend it there.",
        file,
        line: null,
        revision: null,
      }),
    ),
  ];
  const held = beside.merged.length - beside.newHere.length - beside.newThere.length;
  return { looked: `${held} revisions that ${base.reference} has, too`, skipped: null, findings };
}

/** As many revisions as a change may bring; one that only joins branches is none. */
export function revisionCount({ project, added }: Gate, changesModels: number | null): Verdict {
  const { revisions: policy } = project.config.ci;
  const counted = added.filter(({ revises, repeatable }) => revises.length < 2 && repeatable !== true);
  const looked = `${counted.length} new ${counted.length === 1 ? "revision" : "revisions"}, ${policy}`;
  if (policy === "any") return { looked, skipped: "as many as one likes may come", findings: [] };
  const findings: GateFinding[] = [];
  if (counted.length > 1) {
    const last = counted.at(-1);
    findings.push({
      check: "pr-count",
      code: "revisions-many",
      severity: "error",
      message: `The change brings ${counted.length} revisions; one is the most: ${counted.map(({ id }) => id).join(", ")}`,
      remedy: `Make one of them: aludel squash ${counted[0]?.id}:${last?.id}, or make several changes of it.`,
      file: last?.file ?? null,
      line: 1,
      revision: last?.id ?? null,
    });
  }
  if (policy === "exactly-one" && counted.length === 0 && (changesModels ?? 0) > 0) {
    findings.push({
      check: "pr-count",
      code: "revision-missing",
      severity: "error",
      message: "The models have changed, and there is no new revision",
      remedy: 'Write it: aludel revision --autogenerate -m "…"',
      file: null,
      line: null,
      revision: null,
    });
  }
  return { looked, skipped: null, findings };
}
