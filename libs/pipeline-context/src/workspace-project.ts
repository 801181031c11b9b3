/** The project that a command works on, and the workspace around it. An `ExecutorContext` of Nx is one. */
export interface WorkspaceProject {
  /** The workspace's root: an absolute path. */
  readonly root: string;
  readonly projectName?: string;
  readonly projectsConfigurations: {
    readonly projects: Readonly<
      Record<
        string,
        { readonly root: string; readonly targets?: Readonly<Record<string, unknown>> }
      >
    >;
  };
}
