import { ecrLocalConfig } from '../config';
import { flags, helpText, parseCommandLine } from './command-line';

const settingsOf = (...args: string[]) => {
  const command = parseCommandLine(args);
  return command.kind === 'serve' ? command.settings : command.kind;
};

describe('parseCommandLine', () => {
  it('sets nothing without flags', () => {
    expect(settingsOf()).toEqual({});
  });

  it('sets the variable of each flag', () => {
    expect(
      settingsOf('--port', '0', '--memory', '--disk-limit=1.5GB', '--log-level', 'info'),
    ).toEqual({
      ECR_LOCAL_PORT: '0',
      ECR_LOCAL_STORAGE: 'memory',
      ECR_LOCAL_DISK_LIMIT: '1.5GB',
      LOG_LEVEL: 'info',
    });
  });

  it.each([['--help'], ['-h']])('%s asks for the help, whatever else is set', (flag) => {
    expect(settingsOf('--memory', flag)).toBe('help');
  });

  it.each([['--version'], ['-v']])('%s asks for the version', (flag) => {
    expect(settingsOf(flag)).toBe('version');
  });

  it.each<[string[], string]>([
    [['--colour', 'blue'], "Unknown option '--colour'."],
    [['--port', '99999'], 'Invalid --port "99999". Expected a whole number from 0 to 65535.'],
    [['--port', '-1'], "Option '--port' argument is ambiguous."],
    [['--port'], "Option '--port <value>' argument missing."],
    [['--port='], 'Invalid --port "". Expected a whole number from 0 to 65535.'],
    [['--memory=yes'], "Option '--memory' does not take an argument."],
    [['start'], "Unexpected argument 'start'."],
    [['--memory', '--data', 'x'], '--memory and --data exclude each other: set one of them.'],
    [['--tls-cert', 'x'], '--tls-cert and --tls-key need each other: set both of them.'],
    [['--disk-limit', '10'], 'Invalid --disk-limit "10". Expected a size such as 500MB or 10GB.'],
    [['--region', 'Paris'], 'Invalid --region "Paris". Expected an AWS region.'],
    [['--protocol', 'docker'], 'Invalid --protocol "docker". Expected ecr or oci.'],
    [
      ['--advisories', '/nowhere'],
      'Invalid --advisories "/nowhere". Expected a folder or archive of OSV advisories.',
    ],
  ])('rejects %j in one message', (args, message) => {
    expect(() => parseCommandLine(args)).toThrow(expect.objectContaining({ message }));
  });

  it('takes one file of the certificate from a flag, the other from its variable', () => {
    const command = parseCommandLine(['--tls-cert', 'a.pem'], { ECR_LOCAL_TLS_KEY: 'b.pem' });
    expect(command).toEqual({ kind: 'serve', settings: { ECR_LOCAL_TLS_CERT: 'a.pem' } });
  });
});

describe('helpText', () => {
  it('describes each flag, with its variable, on one line of a terminal', () => {
    const text = helpText(5327);
    for (const [name, { help, variable }] of Object.entries(flags)) {
      expect(text).toContain(help);
      expect(text).toMatch(new RegExp(`^ {2}--${name} +${variable}$`, 'm'));
      expect(Object.keys(ecrLocalConfig.shape)).toContain(variable);
    }
    expect(Math.max(...text.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(110);
  });
});

describe('ECR_LOCAL_DISK_LIMIT', () => {
  it.each([
    ['500MB', 500_000_000],
    ['1.5GB', 1_500_000_000],
    ['2GiB', 2 * 1024 ** 3],
    ['1TB', 1_000_000_000_000],
  ])('reads %s as %i bytes', (text, bytes) => {
    expect(ecrLocalConfig.shape.ECR_LOCAL_DISK_LIMIT.parse(text)).toBe(bytes);
  });

  it.each(['10', 'GB', '-1GB', '1e3GB', '10gb', '1GB 2GB', '9999999GB'])('rejects %j', (text) => {
    expect(ecrLocalConfig.shape.ECR_LOCAL_DISK_LIMIT.safeParse(text).success).toBe(false);
  });
});
