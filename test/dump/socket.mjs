// A worker with connections to a PostgreSQL server, for a thread that waits for each answer. It is given what to send, and
// hands back what the server says until the server waits for the next message.
import { connect } from "node:net";
import { parentPort } from "node:worker_threads";

/** Answers to a password exchange (https://www.postgresql.org/docs/current/protocol-message-formats.html). */
const authenticationNeedsAnswer = new Set([3, 5, 7, 8, 10, 11]);

/**
 * Whether the server waits for the other side after this message.
 *
 * @param {Buffer} message
 */
function isLast(message) {
  const type = String.fromCharCode(message[0] ?? 0);
  return (
    type === "Z" || type === "G" || (type === "R" && authenticationNeedsAnswer.has(message.readInt32BE(5)))
  );
}

/**
 * Lasts until the thread closes its end of `answers`.
 *
 * @param {{ host: string, port: number, answers: import("node:worker_threads").MessagePort, signal: Int32Array }} session
 */
function converse({ host, port, answers, signal }) {
  /** What has come and is no whole message yet. */
  let rest = Buffer.alloc(0);
  /** @type {Buffer[]} Whole messages that were not handed over yet. */
  let whole = [];
  const hand = () => {
    answers.postMessage(Buffer.concat(whole));
    whole = [];
    Atomics.add(signal, 0, 1);
    Atomics.notify(signal, 0);
  };
  const socket = connect(port, host);
  socket.on("data", (bytes) => {
    rest = Buffer.concat([rest, bytes]);
    while (rest.length >= 5 && rest.length >= 1 + rest.readInt32BE(1)) {
      const message = rest.subarray(0, 1 + rest.readInt32BE(1));
      rest = rest.subarray(message.length);
      whole.push(message);
      if (isLast(message)) hand();
    }
  });
  // The thread that waits must go on, whatever happens: it reads the server's last words, or an end.
  socket.on("close", hand);
  socket.on("error", () => {});
  answers.on("message", (/** @type {Uint8Array} */ bytes) => socket.write(bytes));
  answers.on("close", () => socket.destroy());
}

parentPort?.on("message", converse);
