import { type z } from 'zod';
import { durationVariable, hostVariable, portVariable } from './config-variables';

const accepts = (schema: z.ZodType, value: string) => schema.safeParse(value).success;

describe('PORT', () => {
  const port = portVariable(3000);
  it.each([
    ['0', 0],
    ['80', 80],
    [' 65535 ', 65_535],
  ])('may be %j', (text, value) => expect(port.parse(text)).toBe(value));
  it.each(['65536', '-1', '1.5', '0x50', '8e1', '80a', '999999'])('may not be %j', (text) =>
    expect(accepts(port, text)).toBe(false),
  );
});

describe('HOST', () => {
  it.each(['0.0.0.0', '::1', 'localhost', 'game.typerush.internal'])('may be %j', (text) =>
    expect(hostVariable.parse(text)).toBe(text),
  );
  it.each(['http://localhost', 'a b', 'localhost/x', '[::1]'])('may not be %j', (text) =>
    expect(accepts(hostVariable, text)).toBe(false),
  );
});

describe('a duration', () => {
  const duration = durationVariable(1_000, { minMs: 100, maxMs: 86_400_000 });
  it.each([
    ['100ms', 100],
    ['30s', 30_000],
    ['15m', 900_000],
    ['12h', 43_200_000],
    ['1d', 86_400_000],
  ])('may be %j', (text, ms) => expect(duration.parse(text)).toBe(ms));
  it.each(['30', 's', '1.5h', '-1s', '1w', '1h30m', '99ms', '25h'])('may not be %j', (text) =>
    expect(accepts(duration, text)).toBe(false),
  );
  it('names its limits', () => {
    expect(duration.description).toContain('from 100ms to 1d');
  });
});
