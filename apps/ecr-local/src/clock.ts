/** Where every date in ecr-local comes from, so that a test can move it. */
export type Clock = () => Date;

export const systemClock: Clock = () => new Date();
