// plugins and presets that are loaded by their names, from the folder of the program
const { transformSync } = require('@babel/core');

const options = {
  babelrc: false,
  cwd: __dirname,
  configFile: false,
  presets: ['@babel/preset-env'],
};
console.log(transformSync('const f = (a) => a?.b ?? 1;', options).code);
