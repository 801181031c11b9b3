import { type TaskGraph } from '@nx/devkit';
import { isNeededByAnother } from './needed-by-another';

const taskGraph = {
  dependencies: {
    'game:docker-build:local': ['game:build'],
    'game:docker-push:local': ['game:docker-build:local'],
  },
} as unknown as TaskGraph;

const task = (targetName: string, configurationName?: string) => ({
  projectName: 'game',
  targetName,
  configurationName,
  taskGraph,
});

describe('isNeededByAnother', () => {
  it('is true for a task that another one depends on', () => {
    expect(isNeededByAnother(task('docker-build', 'local'))).toBe(true);
    expect(isNeededByAnother(task('build'))).toBe(true);
  });

  it('is false for the requested task', () => {
    expect(isNeededByAnother(task('docker-push', 'local'))).toBe(false);
  });

  it('is false for a task without a graph', () => {
    expect(isNeededByAnother({ ...task('build'), taskGraph: undefined })).toBe(false);
  });
});
