import { stored } from './stored';

const isText = (value: unknown): value is string => typeof value === 'string';

function storageOf(items: Record<string, string>): Storage {
  return {
    getItem: (key: string) => items[key] ?? null,
    setItem: (key: string, value: string) => void (items[key] = value),
    removeItem: (key: string) => void delete items[key],
  } as unknown as Storage;
}

describe('stored', () => {
  it('reads what it wrote, and nothing after it was removed', () => {
    const storage = storageOf({});
    const value = stored(() => storage, 'name', isText);
    expect(value.read()).toBeUndefined();
    value.write('Ada');
    expect(value.read()).toBe('Ada');
    value.write(undefined);
    expect(value.read()).toBeUndefined();
  });

  it.each(['{', '12', 'null', '{"a":1}'])('reads %s, which is not a value, as none', (text) => {
    expect(stored(() => storageOf({ name: text }), 'name', isText).read()).toBeUndefined();
  });

  it('works where the browser refuses storage', () => {
    const value = stored<string>(
      () => {
        throw new Error('SecurityError');
      },
      'name',
      isText,
    );
    expect(() => value.write('Ada')).not.toThrow();
    expect(value.read()).toBeUndefined();
  });
});
