import { describeEngine } from '../../../test/engine-conformance';
import { runCommand } from '../../command';
import { DockerEngine } from './docker-engine';

jest.setTimeout(120_000);

describe('the docker engine', () => {
  afterAll(async () => {
    const images = ['--quiet', '--filter', 'reference=engine-conformance/*'];
    const { stdout } = await runCommand('docker', ['images', ...images], { env: process.env });
    const ids = new Set(stdout.split('\n').filter(Boolean));
    await runCommand('docker', ['rmi', '--force', ...ids], { env: process.env });
  });
  describeEngine(() => new DockerEngine(process.env));
});
