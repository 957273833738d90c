import type { Replayed } from "../run/replay.js";

/** A scratch database that has run a history, until somebody goes on with it. Whoever takes it disposes of it. */
export class KeptReplay {
  #replayed: Replayed | null = null;

  readonly keep = (replayed: Replayed): void => {
    this.#replayed = replayed;
  };

  take(): Replayed | null {
    const replayed = this.#replayed;
    this.#replayed = null;
    return replayed;
  }

  /** Of what nobody has taken. */
  async dispose(): Promise<void> {
    await this.take()?.scratch.dispose();
  }
}
