import type { Obligation } from "../obligation/obligation.js";
import type { Style } from "./terminal.js";

type Paint = (style: Style, text: string) => string;

/** What is left to be done, for a person: what is due first stands first. */
export function showObligations(obligations: readonly Obligation[], paint: Paint): string {
  if (obligations.length === 0) return "";
  const lines = byDate(obligations).flatMap(({ message, file, range, remedy, reason, ...dates }) => [
    `  ${paint("bold", message)}`,
    `    ${file}:${range.line}${showDates(dates, paint)}`,
    ...(reason === null ? [] : [`    ${reason}`]),
    `    ${paint("cyan", "→")} ${remedy}`,
  ]);
  return ["left to be done", ...lines].join("\n");
}

function showDates(
  { since, due, overdueDays }: Pick<Obligation, "since" | "due" | "overdueDays">,
  paint: Paint,
): string {
  const from = since === null ? "" : `, since ${since}`;
  if (due === null) return `${from}, no date`;
  if (overdueDays === null) return `${from}, due ${due}`;
  return `${from}, ${paint("red", `due ${due}, ${overdueDays} ${overdueDays === 1 ? "day" : "days"} ago`)}`;
}

export function byDate(obligations: readonly Obligation[]): readonly Obligation[] {
  const key = ({ due }: Obligation) => due ?? "9999";
  return [...obligations].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
}
