import { relative } from "node:path";
import { AludelError, messageOf } from "../../error/error.js";

/** The place in the models that is being read. */
export interface Place {
  readonly file: string;
  /** A table, view … as a person writes it; with a column or constraint after a dot. */
  readonly object: string;
}

/** Collects what cannot be read, so that the user hears of everything at once. */
export class Findings {
  readonly #found: { readonly place: Place; readonly problem: string }[] = [];
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  add(place: Place, problem: string): void {
    this.#found.push({ place, problem });
  }

  /** The result of `read`, or `null` when it threw and that was added to the findings. */
  attempt<T>(place: Place, read: () => T): T | null {
    try {
      return read();
    } catch (thrown) {
      this.add(place, messageOf(thrown));
      return null;
    }
  }

  /** @throws AludelError `models-unreadable` when anything was found. */
  finish(): void {
    const [first] = this.#found;
    if (!first) return;
    const { length } = this.#found;
    const message =
      length === 1 ? `${first.place.object} cannot be read` : `${length} places in the models cannot be read`;
    throw new AludelError("models-unreadable", message, {
      remedy:
        "Change the models where they say something else than you mean; what Aludel cannot express can go into a revision of its own as SQL.",
      where: { file: first.place.file, object: first.place.object },
      details: this.#found.map(
        ({ place, problem }) => `${relative(this.#root, place.file)}: ${place.object}: ${problem}`,
      ),
    });
  }
}
