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
  it('tells a task that another one waits for', () => {
    expect(isNeededByAnother(task('docker-build', 'local'))).toBe(true);
    expect(isNeededByAnother(task('build'))).toBe(true);
  });

  it('tells the task that was asked for', () => {
    expect(isNeededByAnother(task('docker-push', 'local'))).toBe(false);
  });

  it('takes a task without a graph for one that was asked for', () => {
    expect(isNeededByAnother({ ...task('build'), taskGraph: undefined })).toBe(false);
  });
});
