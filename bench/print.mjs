/**
 * A table in Markdown: medians in milliseconds, the ratio to the first row (the floor) and peak memory; where it was taken, also
 * the processor time beyond the floor's.
 *
 * @param {string} title
 * @param {{ name: string, median: number, min: number, max: number, memory: number | null,
 *   processor?: number | null }[]} rows
 * @param {string[]} notes
 */
export function printTable(title, rows, notes = []) {
  const floor = rows[0]?.median ?? 1;
  const least = rows[0]?.processor ?? null;
  const processor = (cell) => (least === null ? [] : [cell]);
  const cells = [
    [
      ...["", "median ms", "min–max ms", "× floor", "beyond floor ms"],
      ...processor("processor ms beyond floor"),
      "peak MB",
    ],
    ...rows.map((row) => [
      row.name,
      row.median.toFixed(0),
      `${row.min.toFixed(0)}–${row.max.toFixed(0)}`,
      (row.median / floor).toFixed(2),
      (row.median - floor).toFixed(0),
      ...processor(((row.processor ?? 0) - least).toFixed(0)),
      row.memory === null ? "" : String(row.memory),
    ]),
  ];
  printCells(title, cells);
  for (const note of notes) console.log(`\n${note}`);
}

/**
 * A table of what is opened and closed many times within one process.
 *
 * @param {string} title
 * @param {{ name: string, open: number, most: number, close: number }[]} rows medians in milliseconds; `most` of opening
 */
export function printTimes(title, rows) {
  const shown = (milliseconds) => milliseconds.toFixed(milliseconds < 10 ? 1 : 0);
  printCells(title, [
    ["", "open, median ms", "open, most ms", "close, median ms"],
    ...rows.map(({ name, open, most, close }) => [name, shown(open), shown(most), shown(close)]),
  ]);
}

/** @param {string} title @param {string[][]} cells */
export function printCells(title, cells) {
  const widths = cells[0].map((_, column) => Math.max(...cells.map((line) => line[column].length)));
  const text = (line) =>
    `| ${line.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join(" | ")} |`;
  console.log(`\n### ${title}\n`);
  console.log(text(cells[0]));
  console.log(
    `|${widths.map((width, i) => (i === 0 ? "-".repeat(width + 2) : `${"-".repeat(width + 1)}:`)).join("|")}|`,
  );
  for (const line of cells.slice(1)) console.log(text(line));
}
