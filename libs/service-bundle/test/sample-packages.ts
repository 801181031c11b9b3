import { installed } from './sample-workspace';

/** An installed package of ES modules. */
export const esm = (name: string, files: Readonly<Record<string, string>>, more = {}) =>
  installed(`node_modules/${name}`, { type: 'module', exports: './index.js', ...more }, files);

/** One of CommonJS modules. */
export const cjs = (name: string, files: Readonly<Record<string, string>>, more = {}) =>
  installed(`node_modules/${name}`, more, files);

export const shapes = esm(
  'shapes',
  {
    'index.js': `export { Circle } from './circle.js'; export const unused = 'never used'; export * from './square.js';`,
    'circle.js': `export class Circle { constructor(r) { this.r = r; } }`,
    'square.js': `export class Square {} export const side = 4;`,
  },
  { sideEffects: false },
);
export const left = cjs('left', {
  'index.js': `module.exports = function left(text) { return '<' + text; }; module.exports.right = (text) => text + '>';`,
});
