/** A sleep that ends early if there is something to do. A wake while nothing sleeps ends the next sleep. */
export class Alarm {
  private isAwake = false;
  private wakeUp: () => void = () => undefined;

  wake(): void {
    this.isAwake = true;
    this.wakeUp();
  }

  async sleep(ms: number): Promise<void> {
    if (!this.isAwake) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.wakeUp = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.isAwake = false;
  }
}
