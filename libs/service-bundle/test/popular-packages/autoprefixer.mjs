// dynamic require of its data: caniuse-lite has a module for each feature
import autoprefixer from 'autoprefixer';
import postcss from 'postcss';

async function main() {
  const plugin = autoprefixer({ overrideBrowserslist: ['safari 8'] });
  const { css } = await postcss([plugin]).process('a { user-select: none }', { from: undefined });
  console.log(css);
}
void main();
