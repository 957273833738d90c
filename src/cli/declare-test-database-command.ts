import { type Command, InvalidArgumentError } from "commander";
import { suggest } from "../error/suggest.js";
import { examples } from "./help-examples.js";
import { type Act, type TestDatabaseAction, testDatabaseActions } from "./options.js";

interface TestDatabaseFlags {
  all?: true;
  force?: true;
  withPassword?: true;
  yes?: true;
}

function action(text: string): TestDatabaseAction {
  const known = testDatabaseActions.find((one) => one === text);
  if (known !== undefined) return known;
  const near = suggest(text, testDatabaseActions);
  throw new InvalidArgumentError(
    near === null ? `Write one of ${testDatabaseActions.join(", ")}.` : `Did you mean "${near}"?`,
  );
}

/** The command for databases that tests use. */
export function declareTestDatabaseCommand(program: Command, act: Act): void {
  program
    .command("test-db")
    .summary("make and throw away databases for tests")
    .description(
      "create: make a database at head, print its URL, and let it stay. list: what was made for tests. drop: remove such databases. reset: throw a database away and make it anew, at head. Nothing is thrown away that is neither made for tests nor on this machine.",
    )
    .argument("<action>", "create, list, drop or reset", action)
    .argument("[database...]", "names that list tells, or URLs; reset without one takes the environment's")
    .option("--all", "drop everything made for tests that nobody uses, templates too")
    .option("--with-password", "create prints the URL with its password, where it has one")
    .option("--force", "even while somebody is connected")
    .option("--yes", "do not ask before a database is thrown away that was not made for tests")
    .addHelpText(
      "after",
      examples(
        ["aludel test-db create --with-password", "a fresh database, for DATABASE_URL of a run"],
        ["aludel test-db list", "what is there, and whose it is"],
        ["aludel test-db drop --all", "clean up"],
        ["aludel test-db reset --env test", "the environment's database, empty and at head"],
      ),
    )
    .action((chosen: TestDatabaseAction, databases: string[], given: TestDatabaseFlags) =>
      act("test-db", {
        action: chosen,
        databases,
        all: given.all ?? false,
        withPassword: given.withPassword ?? false,
        force: given.force ?? false,
        yes: given.yes ?? false,
      }),
    );
}
