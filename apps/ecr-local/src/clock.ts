/** The source of every date in ecr-local, so that a test can move it. */
export type Clock = () => Date;

export const systemClock: Clock = () => new Date();
