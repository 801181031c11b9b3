/** `<dockerfile>.lock.json`, beside its Dockerfile. */
export const lockFileOf = (dockerfile: string): string => `${dockerfile}.lock.json`;

/** How a lock file is written anew. */
export const lockCommand = (project: string): string => `nx run ${project}:docker-lock`;
