import type { FoundDatabase } from "../../dialect/test-databases.js";
import type { Output } from "../output.js";
import { table } from "./table.js";

/** Test databases, a line each: name, what it is, whose it is, how large and when it was made. */
export function showTestDatabases(out: Output, found: readonly FoundDatabase[]): string {
  return table(
    found.map((one) => [
      out.style(one.owner === "gone" ? "yellow" : "bold", one.name),
      one.kind,
      owner(one),
      one.bytes === null ? "" : `${(one.bytes / 2 ** 20).toFixed(1)} MB`,
      one.madeAt === null ? "" : one.madeAt.replace(/\.\d+Z$/, "Z"),
    ]),
  );
}

function owner({ kind, owner, pid }: FoundDatabase): string {
  if (kind !== "test" && owner === "kept") return "";
  switch (owner) {
    case "running":
      return pid === null ? "in use" : `process ${pid}`;
    case "gone":
      return `process ${pid}, which is gone`;
    case "elsewhere":
      return "another machine";
    case "kept":
      return "kept";
  }
}
