import { OciError, RegistryError } from '@typerush/oci';
import { PipelineError } from '@typerush/pipeline-context';
import { explainPrePushFailure, explainPushFailure } from './push-failure';

const ofRegistry = (code: string) =>
  new RegistryError(code, 'a reason.', { host: 'ghcr.io', repository: 'team/app' });

const again = 'ush again: content already in the registry is not uploaded again.';

/** Of each kind: the failure, and its last lines before and after the first upload. */
const failures = [
  [
    'an unreachable registry',
    ofRegistry('UNREACHABLE'),
    ['Fix: push again when the registry responds.'],
    [`P${again}`],
  ],
  [
    'rejected credentials',
    ofRegistry('UNAUTHORIZED'),
    [/^Fix: log in again: docker login ghcr\.io; for Amazon ECR .*aws sso login\.$/],
    [/^Fix: log in again/, `Then p${again}`],
  ],
  [
    'a missing permission',
    ofRegistry('DENIED'),
    [/^Fix: use an identity that may push to ghcr\.io\/team\/app; .*push role\.$/],
    [/^Fix: use an identity/, `Then p${again}`],
  ],
  [
    'expired AWS credentials',
    new PipelineError('CREDENTIALS_EXPIRED', 'They have expired.\nFix: aws sso login.'),
    ['Fix: aws sso login.'],
    ['Fix: aws sso login.', `Then p${again}`],
  ],
  [
    'a missing repository',
    new PipelineError('REPOSITORY_MISSING', 'There is none.\nFix: create it,\n     or another.'),
    ['Fix: create it,', '     or another.'],
    ['Fix: create it,', '     or another.', `Then p${again}`],
  ],
  [
    'a full disk',
    new OciError('DISK_FULL', 'There is no room left.'),
    ['Fix: free disk space on this machine.'],
    ['Fix: free disk space on this machine.', `Then p${again}`],
  ],
  ['a failure that names its fix itself', ofRegistry('TOO_LARGE'), [], [`Then p${again}`]],
] as const;

const toMatcher = (line: string | RegExp): unknown =>
  typeof line === 'string' ? line : expect.stringMatching(line);

describe('explainPrePushFailure', () => {
  it.each(failures)('reports that nothing changed, and the fix for %s', async (_, error, fixes) => {
    const failure = (await explainPrePushFailure(Promise.reject(error)).catch(
      (reason: unknown) => reason,
    )) as PipelineError;
    expect(failure).toMatchObject({ code: error.code, cause: error });
    expect(failure.message.split('\n')).toEqual([
      error.message.split('\n')[0],
      'Nothing was uploaded and no tag was changed.',
      ...fixes.map(toMatcher),
    ]);
  });

  it('does not change an unexpected error', async () => {
    const bug = new TypeError('a bug');
    await expect(explainPrePushFailure(Promise.reject(bug))).rejects.toBe(bug);
  });
});

describe('explainPushFailure', () => {
  it.each(failures)(
    'reports the effect, the fix for %s, and that another push continues',
    (_kind, error, _fixes, lines) => {
      const failure = explainPushFailure(error, 'Moving tags were not changed.');
      expect(failure).toMatchObject({ code: error.code, cause: error });
      expect(failure.message.split('\n')).toEqual([
        error.message.split('\n')[0],
        'Moving tags were not changed.',
        ...lines.map(toMatcher),
      ]);
    },
  );

  it('lists the fix of each of several failures once', () => {
    const denied = ofRegistry('DENIED');
    const failed = [denied, denied, ofRegistry('UNREACHABLE')];
    const { code, message } = explainPushFailure(denied, 'No effect.', {
      code: 'PUSH_INCOMPLETE',
      problem: 'Push failed.',
      failures: failed,
    });
    expect(code).toBe('PUSH_INCOMPLETE');
    expect(message).toMatch(
      /^Push failed\.\nNo effect\.\nFix: use an identity .*\nThen push again: .*$/,
    );
  });
});
