// optional packages, its own modules by name
import less from 'less';

async function main() {
  const { css } = await less.render('@a: red; .x { .y { color: darken(@a, 10%) } }');
  console.log(css.trim());
}
void main();
