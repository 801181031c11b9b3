import { run } from './run';

/** npm without notices and without install scripts, which no package here needs. */
export const quietNpm = {
  npm_config_audit: 'false',
  npm_config_fund: 'false',
  npm_config_ignore_scripts: 'true',
};

/** @throws Error at once if no package can be installed; npm itself retries for minutes. */
export async function requireNpmRegistry(): Promise<void> {
  const { code, output } = await run('npm', ['view', 'express', 'version'], {
    env: { ...quietNpm, npm_config_fetch_retries: '0', npm_config_fetch_timeout: '20000' },
  });
  if (code === 0) return;
  throw new Error(
    `This suite installs packages, and the npm registry is unreachable.\nFix: connect to the network, or set the registry in .npmrc.\n\n${output}`,
  );
}
