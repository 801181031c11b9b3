/** What has to be undone at the end, the last first, whatever became of the steps before. */
export class CleanUp {
  private readonly steps: { readonly name: string; readonly undo: () => Promise<unknown> }[] = [];

  constructor(private readonly onFailure: (message: string) => void) {}

  add(name: string, undo: () => Promise<unknown>): void {
    this.steps.push({ name, undo });
  }

  async run(): Promise<void> {
    for (let step = this.steps.pop(); step; step = this.steps.pop()) {
      await step.undo().catch((error: unknown) => {
        this.onFailure(`cannot ${step?.name}: ${error instanceof Error ? error.message : error}`);
      });
    }
  }
}
