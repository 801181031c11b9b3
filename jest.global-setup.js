const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

/**
 * Gives every test the same environment, whatever the developer's shell, terminal, CI service or Nx has set: an empty
 * home folder with a Git configuration, a temporary folder that is removed at the end, no colours, UTC, and only the
 * variables below.
 *
 * Jest calls this before it starts its workers, so that they and the programs that tests start inherit the result.
 * ICU reads the locale when Node starts, so that code must name its locale: `.ci/run` runs the tests under another one.
 */
module.exports = function setUpEnvironment() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'typerush-test-'));
  globalThis.testFolder = folder;
  const home = path.join(folder, 'home');
  const temporary = path.join(folder, 'tmp');
  fs.mkdirSync(home);
  fs.mkdirSync(temporary);
  fs.writeFileSync(path.join(home, '.gitconfig'), gitConfig);
  const kept = Object.entries(process.env).filter(([name]) => inherited.test(name));
  const npm = npmVariables(process.env);
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, Object.fromEntries(kept), npm, fixed, {
    HOME: home,
    TMPDIR: temporary,
  });
};

/** How to find programs, certificates, proxies, servers that a suite needs, how long to run one, and Jest's own variables. */
const inherited =
  /^(PATH|ECR_LOCAL_(KILLS|INPUTS|PROGRAM|PICTURES)|RELEASE_KILLS|DELIVERY_CASES|DIFFERENTIAL_SEED|TEST_DATABASE_URL|PG_BIN|DOCKER_HOST|XDG_RUNTIME_DIR|JEST_\w+|NODE_ENV|NODE_V8_COVERAGE|NODE_EXTRA_CA_CERTS|SSL_CERT_(FILE|DIR)|(https?|no|all)_proxy)$/i;

const fixed = {
  AWS_EC2_METADATA_DISABLED: 'true',
  // The AWS SDK warns about Node 20 on the error stream of every process.
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  // The CDK checks every template that it synthesizes by its own rules, which takes seconds; one test of infra does so.
  CDK_VALIDATION: 'false',
  GIT_CONFIG_NOSYSTEM: '1',
  LANG: 'C.UTF-8',
  LC_ALL: 'C.UTF-8',
  NO_COLOR: '1',
  TZ: 'UTC',
};

const gitConfig = `[user]
	name = TypeRush tests
	email = tests@localhost
[init]
	defaultBranch = main
[safe]
	directory = *
`;

/** npm finds its registry and its downloads through the home folder, which tests must not have. */
function npmVariables({ HOME = os.homedir(), ...env }) {
  return {
    npm_config_cache: env.npm_config_cache ?? path.join(HOME, '.npm'),
    npm_config_userconfig: env.npm_config_userconfig ?? path.join(HOME, '.npmrc'),
    npm_config_update_notifier: 'false',
  };
}
