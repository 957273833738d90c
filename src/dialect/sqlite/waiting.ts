import type { Waiting } from "../dialect.js";

/** Source: SQLite, "PRAGMA busy_timeout". Who else has the database open it does not know. */
export const waiting: Waiting = {
  settings: ({ lockMs }) => (lockMs === null ? "" : `PRAGMA busy_timeout = ${lockMs}`),
  gaveWay: (error) => error.code === "lock-timeout",
};
