import type { Client, Submittable } from "pg";
import type { Asked, Describer, RawDescription } from "./describe.js";

interface Fields {
  readonly fields: RawDescription["fields"];
}

/** What is sent and heard beside the client's own interface, all of it methods and events of `Client.connection`. */
interface Wire {
  parse(message: { readonly name: string; readonly text: string; readonly types: readonly number[] }): void;
  describe(message: { readonly type: "S"; readonly name: string }): void;
  sync(): void;
  on(event: "parameterDescription", listener: (message: { readonly dataTypeIDs: number[] }) => void): void;
  on(event: "noData", listener: () => void): void;
  off(event: string, listener: (...message: never[]) => void): void;
}

interface Batch {
  readonly described: readonly RawDescription[];
  /** What the server said of the next one. */
  readonly refused: Error | null;
}

/** The way to a server. */
export function serverDescriber(client: Client, target: string, version: number): Describer {
  return {
    target,
    version,
    describe: (asked) => describeOnServer(client, asked),
    query: async (sql) => (await client.query(sql)).rows,
  };
}

/**
 * Describes statements with all messages sent at once. The server passes over what follows an error, and is asked again from
 * there: a round trip, and one more for each statement that it refuses.
 */
async function describeOnServer(
  client: Client,
  asked: readonly Asked[],
): Promise<readonly (RawDescription | Error)[]> {
  const answers: (RawDescription | Error)[] = [];
  while (answers.length < asked.length) {
    const { described, refused } = await sendBatch(client, asked.slice(answers.length));
    answers.push(...described);
    if (refused !== null) answers.push(refused);
    else if (described.length === 0) throw new Error("The server did not answer");
  }
  return answers;
}

function sendBatch(client: Client, asked: readonly Asked[]): Promise<Batch> {
  const wire = (client as unknown as { readonly connection: Wire }).connection;
  const described: RawDescription[] = [];
  let parameters: readonly number[] = [];
  const onParameters = (message: { readonly dataTypeIDs: number[] }) => {
    parameters = message.dataTypeIDs;
  };
  const onNoData = () => void described.push({ parameters, fields: [] });
  return new Promise<Batch>((resolve) => {
    const end = (refused: Error | null) => {
      wire.off("parameterDescription", onParameters);
      wire.off("noData", onNoData);
      resolve({ described, refused });
    };
    const request = {
      submit: () => {
        wire.on("parameterDescription", onParameters);
        wire.on("noData", onNoData);
        for (const { text, types } of asked) {
          wire.parse({ name: "", text, types });
          wire.describe({ type: "S", name: "" });
        }
        wire.sync();
      },
      handleRowDescription: ({ fields }: Fields) => void described.push({ parameters, fields }),
      handleError: (error: Error) => end(error),
      handleReadyForQuery: () => end(null),
    };
    client.query(request as unknown as Submittable);
  });
}
