import { type ImageFile } from '../layers/image-file';

interface KindOfFile {
  readonly what: string;
  readonly path: RegExp;
  /** Whether such a file does hold a secret; it does unless this tells otherwise. */
  readonly holds?: (text: string) => boolean;
}

const kinds: readonly KindOfFile[] = [
  {
    what: 'a file of environment variables',
    path: /\/\.env(\.(?!example$|sample$|template$|defaults$)[^/]+)?$/,
  },
  {
    what: 'the credentials of a package registry',
    path: /\/\.(npmrc|yarnrc(\.yml)?)$/,
    // A reference to a variable is none.
    holds: (text) =>
      /(_auth|_authToken|_password|npmAuthToken|npmAuthIdent)\s*[=:]\s*["']?[^\s$"']/.test(text),
  },
  { what: 'stored credentials', path: /\/\.(netrc|pgpass|git-credentials|htpasswd|my\.cnf)$/ },
  { what: 'the configuration of Docker', path: /\/\.docker\/config\.json$|\/\.dockercfg$/ },
  { what: 'the configuration of AWS', path: /\/\.aws\/(credentials|config)$/ },
  { what: 'the configuration of a cluster', path: /\/\.kube\/config$/ },
  { what: 'a key of SSH', path: /\/\.ssh\/|\/id_(rsa|dsa|ecdsa|ed25519)$/ },
  { what: 'a key', path: /\.(key|p12|pfx|jks|keystore|ppk)$/ },
  {
    what: 'a key',
    path: /\.pem$/,
    holds: (text) => !/BEGIN (CERTIFICATE|PUBLIC KEY)/.test(text) || /PRIVATE KEY/.test(text),
  },
  { what: 'the history of the source', path: /\/\.git\/(config|HEAD)$/ },
];

/** What kind of a secret a file is by its name, if any. */
export function secretFile({ path, content }: ImageFile): string | undefined {
  return kinds.find((kind) => kind.path.test(path) && (kind.holds?.(content.toString()) ?? true))
    ?.what;
}
