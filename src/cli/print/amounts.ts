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

/** `12 ms`, `3.4 s`, `2 min 5 s` */
export function showDuration(milliseconds: number): string {
  // The bounds are where the rounded number would reach the next unit.
  if (milliseconds < 999.5) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 59_950) return `${(milliseconds / 1000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** `1 statement`, `3 statements` */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
