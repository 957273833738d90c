import { describe, expect, test } from "vitest";
import { requireNewNames } from "../../src/check/new-names.js";
import { AludelError } from "../../src/error/error.js";
import { buildGraph } from "../../src/revision/graph/graph.js";
import { type NameKind, nameMistake } from "../../src/revision/name-rule.js";
import { readRevision } from "../../src/revision/read-header.js";

const names: readonly (readonly [name: string, id: boolean, label: boolean])[] = [
  ["4f2a91c04b7d", true, true],
  ["größe_2", true, true],
  ["请求", true, true],
  ["v1.2", true, true],
  ["release-2", false, true],
  ["-a", false, false],
  ["a-", false, false],
  [".", false, false],
  ["a..b", true, true],
  ["a/b", false, false],
  ["a b", false, false],
  ["a@b", false, false],
  ["a'b", false, false],
  ["", false, false],
  ["head", false, false],
  ["current", false, false],
  ["none", false, false],
  ["x".repeat(255), true, true],
  ["x".repeat(256), false, false],
];

/** What a file says and the graph takes, together: they must not disagree. */
function taken(text: (id: string, label: string) => string, ending: string, kind: NameKind, name: string) {
  try {
    const [id, label] = kind === "id" ? [name, "one"] : ["aaaa", name];
    const revision = readRevision(`/revisions/one.${ending}`, text(id, label));
    expect(kind === "id" ? revision.id : revision.labels[0]).toBe(name);
    buildGraph([revision]);
    return true;
  } catch (thrown) {
    expect(thrown).toMatchObject({ code: "revision-unreadable" });
    return false;
  }
}

const script = (id: string, label: string) => `/**
 * one
 *
 * Created: 2026-11-21T05:30:00Z
 */
export default defineRevision({
  id: ${JSON.stringify(id)},
  revises: null,
  labels: ${JSON.stringify(label)},

  async upgrade() {},
});
`;
const sql = (id: string, label: string) => `-- one
--
-- Revision: ${id}
-- Revises: none
-- Labels: ${label}
-- Created: 2026-11-21T05:30:00Z

-- aludel:upgrade
`;

describe.each(names)("%j", (name, id, label) => {
  test.each([
    ["id", id],
    ["label", label],
  ] as const)("as %s", (kind, good) => {
    expect(nameMistake(kind, name) === null).toBe(good);
    expect(taken(script, "ts", kind, name)).toBe(good);
    // An empty list of labels is no mistake, and "none" is one.
    if (kind === "id" || (name !== "" && name !== "none")) expect(taken(sql, "sql", kind, name)).toBe(good);
  });
});

describe("the names of a new revision", () => {
  const revision = { id: "aaaa", revises: [], dependsOn: [], labels: ["billing"] };
  const project = { graph: buildGraph([revision]), repeatables: [] };

  test.each<[string | null, string[], string]>([
    ["4f-2", [], "revision-invalid"],
    ["", [], "revision-invalid"],
    [null, ["a b"], "revision-invalid"],
    ["aaaa", [], "revision-duplicate"],
    [null, ["billing"], "label-duplicate"],
    [null, ["aaaa"], "label-duplicate"],
    ["bbbb", ["bbbb"], "label-duplicate"],
  ])("id %j and labels %j are refused", (id, labels, code) => {
    expect(() => requireNewNames(project, { id, labels })).toThrow(AludelError);
    expect(() => requireNewNames(project, { id, labels })).toThrow(expect.objectContaining({ code }));
  });

  test("are taken when they are free", () => {
    requireNewNames(project, { id: "bbbb", labels: ["release-2"] });
    requireNewNames(project, { id: null, labels: [] });
  });
});
