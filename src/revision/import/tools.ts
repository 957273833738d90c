import { alembic } from "./alembic.js";
import { dbmate } from "./dbmate.js";
import { drizzle } from "./drizzle.js";
import { flyway } from "./flyway.js";
import type { Tool } from "./found.js";
import { knex } from "./knex.js";
import { prisma } from "./prisma.js";

/** The tools whose history can be taken over, by the word of the command line. */
export const tools: Readonly<Record<string, Tool>> = { alembic, drizzle, prisma, dbmate, flyway, knex };
