/** Where the CDK app of a workspace is. */
export const infraRoot = 'infra';

/** Its entry file: if it exists, there are stacks to deploy. */
export const infraMain = `${infraRoot}/src/main.ts`;
