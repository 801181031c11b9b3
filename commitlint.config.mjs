import nxScopes from '@commitlint/config-nx-scopes';

const { getProjects } = nxScopes.utils;

/** Conventional commits whose scope is an Nx project, or one of the few places outside any. */
export default {
  extends: ['@commitlint/config-conventional'],
  rules: {
    'scope-enum': async (context) => [
      2,
      'always',
      [...(await getProjects(context)), 'workspace', 'docker', 'docs', 'ci'],
    ],
    'body-max-line-length': [0],
  },
};
