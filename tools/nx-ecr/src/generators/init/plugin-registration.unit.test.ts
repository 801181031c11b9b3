import { PluginRegistration } from './plugin-registration';

const plugin = '@typerush/nx-ecr';
const buildTarget = (plugins: unknown[], root: string) =>
  PluginRegistration.of({ plugins } as object).buildTargetOf(root);

describe('PluginRegistration', () => {
  it('applies to no project if the plugin is not registered', () => {
    expect(buildTarget(['@nx/js'], 'apps/a')).toBeUndefined();
  });

  it('bundles with the target build by default', () => {
    expect(buildTarget([plugin], 'apps/a')).toBe('build');
    expect(buildTarget([{ plugin, options: { buildTargetName: 'bundle' } }], 'apps/a')).toBe(
      'bundle',
    );
  });

  it('renames the target of one project only', () => {
    const nxJson = PluginRegistration.of({ plugins: ['@nx/js', plugin] }).renamed(
      'apps/a',
      'bundle',
    );
    expect(nxJson.plugins).toEqual([
      '@nx/js',
      { plugin, exclude: ['apps/a/image.json'] },
      {
        plugin,
        options: { buildTargetName: 'bundle' },
        include: ['apps/a/image.json', 'infra/src/main.ts'],
      },
    ]);
    expect(buildTarget(nxJson.plugins ?? [], 'apps/a')).toBe('bundle');
    expect(buildTarget(nxJson.plugins ?? [], 'apps/b')).toBe('build');
  });

  it('replaces the entry of an earlier rename', () => {
    const once = PluginRegistration.of({ plugins: [plugin] }).renamed('apps/a', 'bundle');
    const twice = PluginRegistration.of(once).renamed('apps/a', 'ship');
    expect(buildTarget(twice.plugins ?? [], 'apps/a')).toBe('ship');
    expect(JSON.stringify(twice)).not.toContain('bundle');
    expect(twice.plugins).toHaveLength(2);
  });

  it('keeps the Dockerfile option', () => {
    const entry = { plugin, options: { dockerfile: 'Dockerfile' } };
    expect(PluginRegistration.of({ plugins: [entry] }).renamed('apps/a', 'bundle').plugins).toEqual(
      [
        { ...entry, exclude: ['apps/a/image.json'] },
        {
          plugin,
          options: { dockerfile: 'Dockerfile', buildTargetName: 'bundle' },
          include: ['apps/a/image.json', 'infra/src/main.ts'],
        },
      ],
    );
  });
});
