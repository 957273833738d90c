import { recordConfirmation, recordReads } from "../../deploy/contract/confirmations.js";
import { AludelError } from "../../error/error.js";
import { parseRelease, type Release, showRelease } from "../../revision/release.js";
import { readState, type Said, saidBy } from "../../run/state-table.js";
import type { Context } from "../context.js";
import type { CommandOptions, ExitCode } from "../options.js";

type Options = CommandOptions["confirm"];

/** `aludel confirm app@1.42`: this version is everywhere. */
export async function run(context: Context, options: Options): Promise<ExitCode> {
  const { releases, list, withdraw } = options;
  if (list === releases.length > 0) {
    throw new AludelError("usage", list ? "--list takes no version" : "Nothing to confirm was named", {
      remedy: "Write aludel confirm app@1.42, or aludel confirm --list.",
    });
  }
  if (list) return tellAll(context);
  const { out } = context;
  const [project, connection] = [await context.project(), await context.connect({ mustExist: true })];
  const known = await confirmations(context);
  // All are read before one is written.
  const read = releases.map((text) => (withdraw ? withdrawn(text, known) : releaseOf(text)));
  for (const { application, version } of read) {
    await recordConfirmation(project, connection, application, withdraw ? null : version);
    const name = showRelease({ application, version });
    out.text(
      withdraw
        ? `${name} is not confirmed any more on ${connection.target}.`
        : `${name} is everywhere, says ${connection.target} from now on.`,
    );
  }
  // From now on nobody should be reading what older versions did.
  if (!withdraw) await recordReads(project, connection);
  out.data({ database: connection.target, withdrawn: withdraw, releases: read.map(showRelease) });
  return 0;
}

async function confirmations(context: Context): Promise<ReadonlyMap<string, Said>> {
  const { config, dialect } = await context.project();
  return readState(dialect, await context.connect({ mustExist: true }), config.stateTable, "confirmation");
}

function releaseOf(text: string): Release {
  const release = parseRelease(text);
  if (release !== null) return release;
  throw new AludelError("usage", `${JSON.stringify(text)} is no version of an application`, {
    remedy: "Write its name and its version: app@1.42.",
  });
}

/** What is taken back has to be what counts now. */
function withdrawn(text: string, known: ReadonlyMap<string, Said>): Release {
  const asked = parseRelease(text) ?? { application: text, version: null };
  const { application } = asked;
  const version = known.get(application)?.value ?? null;
  if (version !== null && (asked.version === null || asked.version === version))
    return { application, version };
  throw new AludelError("usage", `${text} is not confirmed`, {
    details: version === null ? [] : [`${application}@${version} is.`],
    remedy: "`aludel confirm --list` tells what is.",
  });
}

async function tellAll(context: Context): Promise<ExitCode> {
  const { out } = context;
  const all = [...(await confirmations(context)).values()];
  out.data(
    all.map((said) => ({
      ...{ application: said.name, version: said.value, at: said.at },
      ...{ username: said.runner.username, hostname: said.runner.hostname, commit: said.runner.gitCommit },
    })),
  );
  for (const said of all) {
    out.text(
      said.value === null
        ? `${said.name}: withdrawn by ${saidBy(said)}`
        : `${said.name}@${said.value}: confirmed by ${saidBy(said)}`,
    );
  }
  if (all.length === 0) out.talk("nothing was confirmed");
  return 0;
}
