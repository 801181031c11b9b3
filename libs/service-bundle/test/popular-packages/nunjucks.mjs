// optional file watcher, its own modules by name
import nunjucks from 'nunjucks';

nunjucks.configure({ autoescape: true });
console.log(nunjucks.renderString('{% for x in list %}{{ x }};{% endfor %}', { list: ['<', 'b'] }));
