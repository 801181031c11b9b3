import { failureOf } from '../../test/push-stage';
import { ReleaseStage } from '../../test/release-stage';

// Each starts ecr-local and talks to it over HTTP.
jest.setTimeout(300_000);

let stage: ReleaseStage;
let first: string;
let second: string;

/** Version 1.0.0 is in all environments, 1.1.0 only in dev. */
beforeAll(async () => {
  stage = await ReleaseStage.open();
  first = (await stage.push('one', '1'.repeat(40))).digest;
  await stage.promote('dev', 'prod');
  stage.version = '1.1.0';
  second = (await stage.push('two', '2'.repeat(40))).digest;
}, 600_000);
afterAll(() => stage?.close());
afterEach(() => {
  stage.proxy.watch = () => undefined;
  stage.proxy.refuse = () => undefined;
});

const prodTag = /^PUT \/v2\/.*team-prod\/app\/manifests\/prod$/;
const expired = {
  status: 403,
  body: {
    errors: [
      {
        code: 'DENIED',
        message: 'Your authorization token has expired. Reauthenticate and try again.',
      },
    ],
  },
};

/** Runs an action once, at the first request that matches. */
function once(at: RegExp, when: 'before' | 'after', action: () => Promise<unknown>): void {
  let due = true;
  stage.proxy.watch = async (line, time) => {
    if (!due || time !== when || !at.test(line)) return;
    due = false;
    await action();
  };
}

describe('promoteService', () => {
  it('changes nothing if the repository of the target does not exist', async () => {
    const destinations = stage.destinations('prod').map((destination) => ({
      ...destination,
      open: () => stage.openMissing('prod'),
    }));
    const failure = await failureOf(stage.promote('dev', 'prod', {}, { destinations }));
    expect(failure.code).toBe('REPOSITORY_MISSING');
    expect(failure.message).toMatch(
      /team\/nothing does not exist[^]*no tag was changed\.\nFix: nx run app:provision -c prod/,
    );
  });

  it('changes no tag if the credentials expire during the copy and cannot be renewed', async () => {
    const before = await stage.tags('prod');
    let uploads = 0;
    stage.proxy.refuse = (line) => {
      if (/^POST .*team-prod\/app\/blobs\/uploads/.test(line)) uploads += 1;
      if (uploads < 2) return undefined;
      if (/^POST GetAuthorizationToken/.test(line)) {
        return { status: 400, body: { __type: 'ExpiredTokenException', message: 'expired' } };
      }
      return /team-prod\/app/.test(line) ? expired : undefined;
    };
    const failure = await failureOf(stage.promote('dev', 'prod'));
    expect(failure.code).toBe('CREDENTIALS_EXPIRED');
    expect(failure.message).toMatch(/dev was not changed\.\nNow .*:prod cannot be looked up/);
    expect(failure.message).toMatch(/\nFix: log in again \(aws sso login\)\.\nThen promote again/);
    expect(await stage.tags('prod')).toEqual(before);
  });

  it('renews credentials that expire during the copy', async () => {
    let refusals = 1;
    stage.proxy.refuse = (line) =>
      /^POST .*team-prod\/app\/blobs\/uploads/.test(line) && refusals-- > 0 ? expired : undefined;
    const { data } = await stage.promote('dev', 'prod', { dryRun: false });
    expect(data).toMatchObject({ digest: second, unchanged: false });
    expect(await stage.tags('prod')).toMatchObject({ prod: second, 'v1.1.0': second });
    await stage.rollback('prod');
  });

  it('reports the old state if it is interrupted during the copy, and completes the move otherwise', async () => {
    const reports: (string | undefined)[] = [];
    let report: () => string | undefined = () => 'not started';
    stage.proxy.watch = (line, when) => {
      const isMove = prodTag.test(line);
      if (when === 'before' && (isMove || /^HEAD .*team-prod\/app\/manifests\/sha256/.test(line))) {
        reports.push(report());
      }
    };
    const onInterruption = (given: typeof report) => {
      report = given;
      return () => undefined;
    };
    await stage.promote('dev', 'prod', {}, { onInterruption });
    expect(reports[0]).toMatch(new RegExp(`interrupted: .*app:prod still points to ${first}$`));
    expect(reports.at(-1)).toBeUndefined();
    await stage.rollback('prod');
  });

  it('fails if another command moves the tag right after it', async () => {
    once(prodTag, 'after', () => stage.promote('dev', 'prod', { tag: 'dev-1111111' }));
    const failure = await failureOf(stage.promote('dev', 'prod'));
    expect(failure.code).toBe('TAG_MOVED');
    expect(failure.message).toMatch(new RegExp(`at the same time: it points to ${first}`));
    expect(failure.message).toMatch(new RegExp(`Now .*app:prod points to ${first}\\.`));
    expect(await stage.tags('prod')).toMatchObject({ prod: first });
  });

  it('fails if another command has moved the tag since it was read', async () => {
    stage.version = '1.2.0';
    const third = (await stage.push('three', '3'.repeat(40))).digest;
    const prompt = async () => {
      await stage.promote('dev', 'prod', { digest: second });
      return true;
    };
    const failure = await failureOf(stage.promote('dev', 'prod', { yes: false }, { prompt }));
    expect(failure.code).toBe('TAG_MOVED');
    expect(failure.message).toMatch(new RegExp(`Now .*app:prod points to ${second}\\.`));
    expect(await stage.tags('prod')).toMatchObject({ prod: second, 'v1.2.0': third });
  });

  it('ends in the same state as another promotion of the same image', async () => {
    const prompt = async () => {
      await stage.promote('dev', 'prod');
      return true;
    };
    await stage.promote('dev', 'prod', { yes: false }, { prompt });
    const { prod, latest, ...fixed } = await stage.tags('prod');
    expect(fixed['v1.2.0']).toBe(prod);
    expect(latest).toBeUndefined();
  });
});
