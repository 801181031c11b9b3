// reads its default stylesheet, and starts a worker for synchronous requests
import { JSDOM } from 'jsdom';

const { window } = new JSDOM('<body><p hidden>a</p><script>document.title = "set"</script>', {
  runScripts: 'dangerously',
});
const paragraph = window.document.querySelector('p');
console.log(window.document.title, window.getComputedStyle(paragraph).display);
