// Stands between a runner and its PostgreSQL, counts what the runner asks for, and can do something at any of these moments.
import { connect, createServer } from "node:net";

/** Cuts a stream of the protocol into messages. `begins`: the first one has no letter (protocol, "Message Formats"). */
function messages(begins, hear) {
  let rest = Buffer.alloc(0);
  let first = begins;
  return (bytes) => {
    rest = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
    for (;;) {
      const head = first ? 0 : 1;
      if (rest.length < head + 4) return;
      const length = head + rest.readInt32BE(head);
      if (rest.length < length) return;
      const message = rest.subarray(0, length);
      rest = rest.subarray(length);
      // What asks for TLS is answered with one letter, and the real first message follows.
      const asksForTls = first && length === 8;
      hear(first ? "" : String.fromCharCode(message[0]), message, asksForTls);
      if (!asksForTls) first = false;
    }
  };
}

const textOf = (message, from) => message.toString("utf8", from, message.indexOf(0, from));

/** The statement of a simple query, or of the one that is prepared; `null` for messages that ask for nothing. */
function statementOf(letter, message) {
  if (letter === "Q") return textOf(message, 5);
  if (letter !== "P") return null;
  return textOf(message, message.indexOf(0, 5) + 1);
}

/** The first message has pairs of names and values, each with a zero behind it ("StartupMessage"). */
function databaseOf(message) {
  const words = message.toString("utf8", 8).split("\0");
  return words[words.indexOf("database") + 1] ?? "";
}

/**
 * Listens, and leads to `target`. `point(request)` is asked at each request, `request` having `sql` and `database`; it may give `{ when, act }`: `before` the request is passed on, `inside` (passed on, `act` is called
 * `delayMs` later), or `after` (it is answered, and the runner has not heard it). Nothing more is passed on once `act` was called.
 */
export async function startWire(target, point) {
  const links = new Set();
  const server = createServer((client) => {
    const upstream = connect(target.port, target.host);
    const link = { client, upstream, database: "", process: 0, isCut: false };
    links.add(link);
    const end = () => {
      links.delete(link);
      // Somebody else sees to its two halves.
      if (link.isCut) return;
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      socket.setNoDelay(true);
      socket.on("error", end);
      socket.on("close", end);
    }
    let awaited = null;
    client.on(
      "data",
      messages(true, (letter, message) => {
        if (link.isCut) return;
        if (letter === "") link.database = databaseOf(message);
        const sql = statementOf(letter, message);
        const fault = sql === null ? null : point({ sql, database: link.database });
        if (fault?.when === "before") {
          link.isCut = true;
          fault.act(link);
          return;
        }
        upstream.write(message);
        if (fault?.when === "inside") setTimeout(() => fault.act(link), fault.delayMs);
        if (fault?.when === "after") awaited = fault;
      }),
    );
    let tlsAnswered = false;
    const answers = messages(false, (letter, message) => {
      if (letter === "K") link.process = message.readInt32BE(5);
      if (letter === "Z" && awaited !== null) {
        const { act } = awaited;
        awaited = null;
        link.isCut = true;
        act(link);
        return;
      }
      if (!link.isCut) client.write(message);
    });
    upstream.on("data", (bytes) => {
      if (!tlsAnswered && bytes.length === 1 && bytes[0] === 0x4e) {
        tlsAnswered = true;
        client.write(bytes);
        return;
      }
      tlsAnswered = true;
      answers(bytes);
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: server.address().port,
    links: () => [...links],
    close() {
      for (const { client, upstream } of links) {
        client.destroy();
        upstream.destroy();
      }
      server.close();
    },
  };
}
