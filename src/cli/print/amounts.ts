export { count, showDuration } from "../../run/amounts.js";

const barWidth = 20;

/** `[#####               ]  3/12 upgrade 4f2a91c04b7d add email` */
export function bar(
  done: number,
  total: number,
  label: string,
  show: (number: number) => string = String,
): string {
  const filled = total === 0 ? 0 : Math.round((done / total) * barWidth);
  const position = `${show(done).padStart(show(total).length)}/${show(total)}`;
  return `[${"#".repeat(filled)}${" ".repeat(barWidth - filled)}] ${position} ${label}`;
}
