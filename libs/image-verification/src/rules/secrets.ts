import { type ImageToVerify } from '../image-to-verify';
import { type ImageFile, isText } from '../layers/read-layer';

const preset = '@secretlint/secretlint-rule-preset-recommend';

/** By `import()`: the packages have only ES modules, which Yarn Plug'n'Play does not find by `require`. */
const loadLinter = once(async () => {
  const [{ lintSource }, { creator: rule }] = await Promise.all([
    import('@secretlint/core'),
    import('@secretlint/secretlint-rule-preset-recommend'),
  ]);
  const awsIds = { id: '@secretlint/secretlint-rule-aws', options: { enableIDScanRule: true } };
  const config = { rules: [{ id: preset, rule, rules: [awsIds] }] };
  return (filePath: string, content: string) =>
    lintSource({
      source: { filePath, content, contentType: 'text', ext: '' },
      options: { config, maskSecrets: true, noPhysicFilePath: true },
    });
});

function once<T>(create: () => Promise<T>): () => Promise<T> {
  let created: Promise<T> | undefined;
  return () => (created ??= create());
}

/** Names of variables that contain a secret. */
const secretName = /(PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|ACCESS_KEY|PRIVATE_KEY)$/i;

/** The places of secrets in files, by name and content, and in the image configuration; never the secrets themselves. */
export async function findSecrets({ files, platforms }: ImageToVerify): Promise<string[]> {
  const found = [];
  for (const file of files) found.push(...(await secretsOf(file)));
  for (const { configText, run } of platforms) {
    found.push(...(await secretsIn('the image configuration', configText)));
    found.push(...(run.Env ?? []).filter(isSecretVariable).map(nameOfVariable));
  }
  return found;
}

async function secretsOf(file: ImageFile): Promise<string[]> {
  if (file.type !== 'file') return [];
  const kind = secretFile(file);
  if (kind) return [`${file.path}: ${kind}`];
  return isText(file) ? secretsIn(file.path, file.content.toString()) : [];
}

async function secretsIn(path: string, content: string): Promise<string[]> {
  const lint = await loadLinter();
  const { messages } = await lint(path, content);
  return messages.map(({ loc, message }) => {
    const [kind = message] = message.split(/[(:]/, 1);
    return `${path}, line ${loc.start.line}: ${kind.trim()}`;
  });
}

interface SecretFile {
  readonly description: string;
  readonly path: RegExp;
  /** Whether its content is a secret. Default: always. */
  readonly isSecret?: (text: string) => boolean;
}

const secretFiles: readonly SecretFile[] = [
  {
    description: 'a file of environment variables',
    path: /\/\.env(\.(?!example$|sample$|template$|defaults$)[^/]+)?$/,
  },
  {
    description: 'credentials of a package registry',
    path: /\/\.(npmrc|yarnrc(\.yml)?)$/,
    // A reference to a variable is not a secret.
    isSecret: (text) =>
      /(_auth|_authToken|_password|npmAuthToken|npmAuthIdent)\s*[=:]\s*["']?[^\s$"']/.test(text),
  },
  {
    description: 'stored credentials',
    path: /\/\.(netrc|pgpass|git-credentials|htpasswd|my\.cnf)$/,
  },
  { description: 'Docker configuration', path: /\/\.docker\/config\.json$|\/\.dockercfg$/ },
  { description: 'AWS configuration', path: /\/\.aws\/(credentials|config)$/ },
  { description: 'Kubernetes configuration', path: /\/\.kube\/config$/ },
  { description: 'an SSH key', path: /\/\.ssh\/|\/id_(rsa|dsa|ecdsa|ed25519)$/ },
  { description: 'a key', path: /\.(key|p12|pfx|jks|keystore|ppk)$/ },
  {
    description: 'a key',
    path: /\.pem$/,
    isSecret: (text) => !/BEGIN (CERTIFICATE|PUBLIC KEY)/.test(text) || /PRIVATE KEY/.test(text),
  },
  { description: 'Git history', path: /\/\.git\/(config|HEAD)$/ },
];

/** What secret a file is by its name. */
function secretFile({ path, content }: ImageFile): string | undefined {
  return secretFiles.find(
    (kind) => kind.path.test(path) && (kind.isSecret?.(content.toString()) ?? true),
  )?.description;
}

function isSecretVariable(variable: string): boolean {
  const [name = ''] = variable.split('=', 1);
  return secretName.test(name) && variable.length > name.length + 1;
}

function nameOfVariable(variable: string): string {
  return `ENV ${variable.split('=', 1)[0]}: its name is that of a secret, and it has a value`;
}
