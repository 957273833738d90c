/** What is said of ops that rows may be in the way of. */
export const warnings = {
  addedNotNull: (column: string) =>
    `Column ${column} is NOT NULL and has no default: adding it fails when the table has rows.`,
  madeNotNull: (column: string) => `Column ${column} becomes NOT NULL: this fails when rows have NULL in it.`,
  valuesRemoved: (type: string, values: readonly string[]) =>
    `Rows that still hold ${values.map((value) => `'${value}'`).join(", ")} of enum ${type} ` +
    "make this fail: give a mapping, or update them first.",
};
