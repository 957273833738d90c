/** How long a statement has waited, put together from what was seen when somebody looked. */
export class SeenWaits {
  milliseconds = 0;
  ended = false;
  private waits = false;
  private at = performance.now();

  /** Who waits now has waited since the last look; who waits no longer has for half of the time. */
  look(waits: boolean): void {
    const now = performance.now();
    if (waits || this.waits) this.milliseconds += (now - this.at) * (waits ? 1 : 0.5);
    this.waits = waits;
    this.at = now;
  }

  end(): void {
    this.look(false);
    this.ended = true;
  }
}
