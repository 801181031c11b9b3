import { describeEngine } from '../../../test/engine-conformance';
import { DockerEngine } from './docker-engine';

jest.setTimeout(120_000);

describe('the docker engine', () => {
  describeEngine(() => new DockerEngine(process.env));
});
