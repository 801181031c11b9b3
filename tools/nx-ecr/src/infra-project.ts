/** Where the CDK app of a workspace is. */
export const infraRoot = 'infra';

/** The file that it begins with: where it is, there are stacks to deploy. */
export const infraMain = `${infraRoot}/src/main.ts`;
