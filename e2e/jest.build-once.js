const { spawnSync } = require('node:child_process');
const path = require('node:path');
const setUpEnvironment = require('../jest.global-setup.js');

const root = path.join(__dirname, '..');

/**
 * Builds what all suites start from, once for all of them: the plugin that the copies of the workspace load, and ecr-local.
 * They are built again only if their sources have changed.
 */
module.exports = function buildOnce() {
  setUpEnvironment();
  run('npm', ['run', '--silent', 'compile']);
  run('node_modules/.bin/nx', ['build', 'ecr-local', '--tui=false']);
  process.env.PLUGIN_IS_COMPILED = 'true';
  process.env.ECR_LOCAL_PROGRAM ??= path.join(root, 'dist/apps/ecr-local/service/main.js');
};

function run(program, args) {
  const env = { ...process.env, NX_DAEMON: 'false', NX_ISOLATE_PLUGINS: 'false' };
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: root, env, encoding: 'utf8' });
  if (status !== 0) {
    throw new Error(`${program} ${args.join(' ')} ended with ${status}:\n${stdout}${stderr}`);
  }
}
