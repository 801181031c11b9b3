// WebAssembly in a module, grammars that are imported when they are needed
import { codeToHtml } from 'shiki';

async function main() {
  console.log(await codeToHtml('const a = 1', { lang: 'js', theme: 'nord', tokenizeTimeLimit: 0 }));
}
void main();
