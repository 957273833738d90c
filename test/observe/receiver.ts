import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly body: Record<string, unknown>;
}

/** Somebody who is told of runs; `answer` gives a status for the n-th request, `null` for none at all. */
export async function receiver(answer: (count: number) => number | null = () => 200) {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const text = Buffer.concat(chunks).toString();
      const body = JSON.parse(text) as Record<string, unknown>;
      received.push({ path: request.url ?? "", headers: request.headers, text, body });
      const status = answer(received.length);
      if (status !== null) response.writeHead(status, { location: "/elsewhere" }).end("{}");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const events = () => received.map(({ body }) => body["event"]);
  return { received, events, url: `http://127.0.0.1:${port}/services/T000/B000/tokenOfTheHook` };
}
