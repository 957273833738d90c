/** What foreign keys do, as often as schemas have it. */
export const actions = [
  "",
  "",
  " ON DELETE CASCADE",
  " ON DELETE SET NULL",
  " ON DELETE RESTRICT",
  " ON DELETE SET DEFAULT",
  " ON UPDATE CASCADE",
  " ON UPDATE SET NULL ON DELETE CASCADE",
] as const;
