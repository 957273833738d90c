import { connect, createServer, type Socket } from "node:net";
import { onTestFinished } from "vitest";

/**
 * A pooler that gives each transaction another of the server's processes, in as few lines as that takes: it opens a session
 * for each client, and sends what any client says to whichever session is free.
 *
 * @returns the URL that leads through it.
 */
export async function startPooler(direct: string): Promise<string> {
  const target = new URL(direct);
  const free: Socket[] = [];
  const waiting: ((session: Socket) => void)[] = [];
  const sockets = new Set<Socket>();
  const give = (session: Socket) => {
    const next = waiting.shift();
    if (next === undefined) free.push(session);
    else next(session);
  };
  const take = () =>
    new Promise<Socket>((resolve) => {
      const session = free.pop();
      if (session === undefined) waiting.push(resolve);
      else resolve(session);
    });
  const server = createServer((client) => {
    const session = connect(Number(target.port), target.hostname);
    for (const socket of [client, session]) {
      sockets.add(socket);
      socket.on("error", () => undefined);
    }
    let isOpen = false;
    let mine: Socket | null = null;
    const answer = (from: Socket) => (bytes: Buffer) => {
      client.write(bytes);
      // ReadyForQuery ends every answer: Z, its length, and I where no transaction is open.
      if (bytes.at(-6) !== 0x5a || bytes.at(-1) !== 0x49) return;
      from.removeAllListeners("data");
      mine = null;
      isOpen = true;
      give(from);
    };
    session.on("data", answer(session));
    client.on("data", (bytes: Buffer) => {
      if (!isOpen) {
        session.write(bytes);
        return;
      }
      // X says good-bye: the session is kept for others.
      if (bytes[0] === 0x58) return;
      if (mine !== null) {
        mine.write(bytes);
        return;
      }
      void take().then((taken) => {
        mine = taken;
        taken.on("data", answer(taken));
        taken.write(bytes);
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the pooler does not listen");
  const url = new URL(direct);
  url.hostname = "127.0.0.1";
  url.port = String(address.port);
  return url.href;
}
