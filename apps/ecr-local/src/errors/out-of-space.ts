/** What every interface answers if a write failed because the disk is full, with this status. */
export const outOfSpace = {
  status: 507,
  message: 'There is no space left in the data folder of ecr-local. Nothing was changed.',
};

export const isOutOfSpace = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
