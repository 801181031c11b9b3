import { PipelineError } from '@typerush/pipeline-context';
import { dockerBuildOptions } from './docker-build/options';
import { dockerPushOptions } from './docker-push/options';
import { buildTargetOptions } from './build/options';
import { runExecutor } from './run-executor';

const task = {
  projectName: 'api',
  targetName: 'docker-push',
  configurationName: 'dev',
  projectsConfigurations: {
    version: 2,
    projects: {
      api: {
        root: 'apps/api',
        targets: { 'docker-push': { configurations: { dev: {}, prod: {} } } },
      },
    },
  },
};

describe('runExecutor', () => {
  let written: string[];
  beforeEach(() => {
    written = [];
    jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
      // eslint-disable-next-line no-control-regex
      written.push(String(text).replace(/\u001b\[\d+m/g, ''));
      return true;
    });
  });
  afterEach(() => jest.restoreAllMocks());

  it('passes the options with their defaults to the body', async () => {
    const body = jest.fn(() => Promise.resolve());
    const result = await runExecutor(dockerPushOptions, { environment: 'prod' }, task, body);
    expect(result).toEqual({ success: true });
    expect(body).toHaveBeenCalledWith(
      expect.objectContaining({ environment: 'prod', attest: true, tag: [] }),
    );
  });

  it.each([
    [
      dockerPushOptions,
      { engine: 'kaniko' },
      'error Invalid option "engine" of docker-push: expected one of "auto"|"oci"|"docker"|"podman".\n',
    ],
    [
      dockerPushOptions,
      { tag: 7 },
      'error Invalid option "tag" of docker-push: expected a string or a list of strings.\n',
    ],
    [
      dockerBuildOptions,
      { dryrun: true },
      'error Unknown option "dryrun" of docker-build. Valid options: environment, engine, base, dockerfile, buildTarget, output, load, dryRun, json, outputFile.\n',
    ],
    [
      buildTargetOptions,
      {
        main: 'a.ts',
        tsConfig: 'b.json',
        outputPath: 'c',
        assets: [{ from: 'a', to: 'b', if: 1 }],
      },
      'error Unknown option "assets.0.if" of build.\n',
    ],
    [
      buildTargetOptions,
      { main: 'a.ts', tsConfig: 'b.json' },
      'error Invalid option "outputPath" of build: expected string, received undefined.\n',
    ],
  ])('rejects an invalid option in one line: %#', async (schema, options, message) => {
    const body = jest.fn(() => Promise.resolve());
    expect(await runExecutor(schema, options, task, body)).toEqual({ success: false });
    expect(body).not.toHaveBeenCalled();
    expect(written).toEqual([message]);
  });

  describe('with a configuration that Nx has replaced by the default', () => {
    beforeEach(() => (process.env['NX_ECR_REQUESTED_CONFIGURATION'] = 'production'));
    afterEach(() => delete process.env['NX_ECR_REQUESTED_CONFIGURATION']);
    const body = jest.fn(() => Promise.resolve());

    it('does nothing, and lists the configurations', async () => {
      expect(await runExecutor(dockerPushOptions, {}, task, body)).toEqual({ success: false });
      expect(body).not.toHaveBeenCalled();
      expect(written).toEqual([
        'error api:docker-push has no configuration "production": Nx would run "dev" instead.\n' +
          'Nothing was done.\nFix: use one of dev, prod.\n',
      ]);
    });

    it('runs a target without environments, or with that configuration', async () => {
      const own = { ...task, configurationName: 'production' };
      expect(await runExecutor(dockerPushOptions, {}, own, body)).toEqual({ success: true });
      const paths = { main: 'a.ts', tsConfig: 'b.json', outputPath: 'c' };
      expect(await runExecutor(buildTargetOptions, paths, task, body)).toEqual({ success: true });
    });
  });

  it('fails with only the message if the error is expected', async () => {
    const body = () => Promise.reject(new PipelineError('X', 'Cannot do it.'));
    expect(await runExecutor(dockerPushOptions, {}, task, body)).toEqual({ success: false });
    expect(written).toEqual(['error Cannot do it.\n']);
  });

  it('fails without a message if the body resolves with false', async () => {
    expect(await runExecutor(dockerPushOptions, {}, task, () => Promise.resolve(false))).toEqual({
      success: false,
    });
    expect(written).toEqual([]);
  });

  it('rethrows an unexpected error with its stack trace', async () => {
    const body = () => Promise.reject(new TypeError('bug'));
    await expect(runExecutor(dockerPushOptions, {}, task, body)).rejects.toThrow(TypeError);
  });
});
