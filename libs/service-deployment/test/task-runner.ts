/** A task that was started. */
export interface FakeTask {
  state(): Promise<'starting' | 'healthy' | 'stopped'>;
  stop(): Promise<void>;
}

/** Where the tasks of FakeEcs run. */
export interface TaskRunner {
  start(taskDefinition: Readonly<Record<string, unknown>>): Promise<FakeTask>;
}

/** Tasks that do what the name of their image says: healthy, crashing or never-ready. */
export const scriptedTasks: TaskRunner = {
  start: async ({ containerDefinitions }) => {
    const [{ image = '' } = {}] = containerDefinitions as { image?: string }[];
    let looks = 0;
    return {
      state: async () => {
        if (image.includes('crashing')) return 'stopped';
        return !image.includes('never-ready') && ++looks > 1 ? 'healthy' : 'starting';
      },
      stop: async () => undefined,
    };
  },
};
