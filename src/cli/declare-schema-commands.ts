import { type Command, Option } from "commander";
import { collect } from "./argument.js";
import { examples } from "./help-examples.js";
import { type Act, type CiProvider, ciProviders } from "./options.js";

/** The commands that deal with models, schemas and what makes a revision of them. */
export function declareSchemaCommands(program: Command, act: Act): void {
  declareInit(program, act);
  declareRevision(program, act);
  program
    .command("diff")
    .summary("what leads from one schema to another")
    .description(
      "Tell what leads from one schema to another. Each side is models, database, a .sql file, or a target of the\nrevisions (head, base, an id …). Exit 0: equal; 1: different.",
    )
    .argument("<from>", "models, database, file.sql or a target")
    .argument("<to>", "the same")
    .addHelpText(
      "after",
      examples(
        ["aludel diff heads models", "what a new revision would have to do"],
        ["aludel diff heads database", "drift"],
        ["aludel diff 4f2a head --json", "between two revisions, for a machine"],
      ),
    )
    .action((from: string, to: string) => act("diff", { from, to }));
  program
    .command("check")
    .summary("are models and revisions in step")
    .description("Tell whether the models need a new revision. Exit 0: in step; 1: not.")
    .option("--database", "ask the database instead of the revisions")
    .addHelpText(
      "after",
      examples(
        ["aludel check", "in CI: fails when somebody forgot a revision"],
        ["aludel check --database --env production", "is the database what the models say"],
      ),
    )
    .action(({ database = false }: { database?: boolean }) => act("check", { database }));
  program
    .command("inspect")
    .summary("what the database holds")
    .description("Print the schema of the database.")
    .option("--sql", "as SQL")
    .addHelpText(
      "after",
      examples(
        ["aludel inspect", "a readable summary"],
        ["aludel inspect --sql > schema.sql", "the DDL that would make it"],
        ["aludel inspect --json --url sqlite:./dev.db", "for a machine"],
      ),
    )
    .action(({ sql = false }: { sql?: boolean }) => act("inspect", { sql }));
  program
    .command("verify")
    .summary("prove revisions on a scratch database")
    .description(
      "Run a revision up, down and up again on a scratch database that is filled with rows, and tell whether it does\nwhat it should and keeps the rows. Of a range each is proved, from the oldest on.",
    )
    .argument("[target]", "the revision, or a range of them, from:to (default: the heads)")
    .option("--no-rows", "prove the schema only")
    .addHelpText(
      "after",
      examples(
        ["aludel verify", "prove the newest revision"],
        ["aludel verify 4f2a", "prove this one"],
        ["aludel verify 4f2a:head", "this one and all after it"],
        ["aludel verify :", "prove every revision"],
      ),
    )
    .action((target: string | undefined, { rows }: { rows: boolean }) =>
      act("verify", { target: target ?? null, rows }),
    );
}

function declareInit(program: Command, act: Act): void {
  program
    .command("init")
    .summary("write a configuration for this project")
    .description(
      "Look at the project, write aludel.config.ts and the folder of the revisions. Nothing is ever overwritten.",
    )
    .option("--schema <file>", "a file or glob of your models; may be repeated (default: found out)", collect)
    .option("--dialect <name>", "the engine (default: found out)")
    .option("--revisions <folder>", "the folder of the revisions", "revisions")
    .option("-y, --yes", "do not ask, take what was found out")
    .option("--from-database [url]", "write what this database has as the first revision")
    .option(
      "--schema-file <file>",
      "with it: write the schema as SQL here (default: schema.sql, without models)",
    )
    .option("--stamp", "with it: mark the database as being at that revision")
    .option("--other-tools", "with it: what other tools keep in the database (_prisma_migrations …), too")
    .addOption(new Option("--ci <provider>", "write a workflow that runs aludel ci").choices(ciProviders))
    .option("--hooks", "write a hook that runs aludel guard before a commit")
    .option("--scripts", "add migrate, migration and migrate:check to package.json, or to a Makefile")
    .addHelpText(
      "after",
      examples(
        ["aludel init", "find out, ask, write"],
        ["aludel init --yes", "find out and write"],
        ["aludel init --schema 'src/db/*.ts' --dialect sqlite", "say it"],
        ["aludel init --from-database postgres://localhost/shop", "begin with a database that is there"],
        ["aludel init --ci github --hooks --scripts", "in a project that has its configuration"],
        ["aludel init --yes --ci github", "both at once"],
      ),
    )
    .action((given: InitFlags) =>
      act("init", {
        yes: given.yes ?? false,
        schema: given.schema ?? [],
        dialect: given.dialect ?? null,
        revisions: given.revisions,
        fromDatabase: given.fromDatabase ?? null,
        schemaFile: given.schemaFile ?? null,
        stamp: given.stamp ?? false,
        otherTools: given.otherTools ?? false,
        ci: given.ci ?? null,
        hooks: given.hooks ?? false,
        scripts: given.scripts ?? false,
      }),
    );
}

interface InitFlags {
  ci?: CiProvider;
  hooks?: true;
  scripts?: true;
  schema?: string[];
  dialect?: string;
  revisions: string;
  yes?: true;
  fromDatabase?: string | true;
  schemaFile?: string;
  stamp?: true;
  otherTools?: true;
}

interface RevisionFlags {
  message?: string;
  autogenerate?: true;
  against: "revisions" | "database";
  verify: boolean;
  rows: boolean;
  revId?: string;
  versionPath?: string;
  repeatable?: true;
  head?: string[];
  splice?: true;
  branchLabel?: string[];
  dependsOn?: string[];
  sql?: true;
  rename?: string[];
  drop?: string[];
  backfill?: string[];
  mapValue?: string[];
  allow?: string[];
  empty?: true;
  baseline?: true;
  stamp?: true;
  otherTools?: true;
  inline?: true;
}

function declareRevision(program: Command, act: Act): void {
  program
    .command("revision")
    .summary("write a new revision")
    .description("Write a new revision file: empty to be filled in, or from what changed in the models.")
    .option("-m, --message <text>", "what the revision does")
    .option("--autogenerate", "write the ops that bring the schema to the models")
    .addOption(
      new Option("--against <what>", "what the models are diffed against")
        .choices(["revisions", "database"])
        .default("revisions"),
    )
    .option("--rename <old:new>", "these are one and the same; may be repeated", collect)
    .option("--drop <name>", "this is really dropped, not renamed; may be repeated", collect)
    .option("--backfill <column=expression>", "the value that rows get; may be repeated", collect)
    .option("--map-value <old:new>", "what rows get that hold a removed enum value; may be repeated", collect)
    .option("--allow <name>", "this change is right whatever rows there are; may be repeated", collect)
    .option("--empty", "write the revision even if nothing changed")
    .option("--baseline", "write what the chosen database has as the first revision")
    .option("--stamp", "with --baseline: mark the database as being at it")
    .option("--other-tools", "with --baseline: what other tools keep in the database, too")
    .option("--inline", "write plain forms in one transaction, though they may block others for long")
    .option("--no-verify", "do not prove the revision on a scratch database")
    .option("--no-rows", "prove its schema only, without rows")
    .option("--sql", "write a .sql file instead of TypeScript")
    .option("--rev-id <id>", "the id (default: random)")
    .option("--version-path <folder>", "the folder to write it into (default: that of the parent)")
    .option("--repeatable", "one that runs again whenever its content has changed: views, functions")
    .option("--head <target>", "the parent; may be repeated (default: the head)", collect)
    .option("--splice", "the parent may be one that is no head: begins a branch")
    .option("--branch-label <label>", "a name for the branch that begins here; may be repeated", collect)
    .option("--depends-on <target>", "must run before, without being a parent; may be repeated", collect)
    .addHelpText(
      "after",
      examples(
        ['aludel revision -m "backfill emails"', "an empty one, to be written by hand"],
        ['aludel revision --autogenerate -m "add email"', "from what changed in the models"],
        [
          'aludel revision --autogenerate -m "names" --rename persons.name:persons.full_name',
          "a rename, not a drop",
        ],
        ['aludel revision --baseline -m "as it is" --env production', "from a database that is there"],
      ),
    )
    .action((given: RevisionFlags) =>
      act("revision", {
        message: given.message ?? null,
        autogenerate: given.autogenerate ?? false,
        against: given.against,
        verify: given.verify,
        rows: given.rows,
        revId: given.revId ?? null,
        versionPath: given.versionPath ?? null,
        repeatable: given.repeatable ?? false,
        head: given.head ?? [],
        splice: given.splice ?? false,
        branchLabel: given.branchLabel ?? [],
        dependsOn: given.dependsOn ?? [],
        sql: given.sql ?? false,
        rename: given.rename ?? [],
        drop: given.drop ?? [],
        backfill: given.backfill ?? [],
        mapValue: given.mapValue ?? [],
        allow: given.allow ?? [],
        empty: given.empty ?? false,
        baseline: given.baseline ?? false,
        stamp: given.stamp ?? false,
        otherTools: given.otherTools ?? false,
        inline: given.inline ?? false,
      }),
    );
}
