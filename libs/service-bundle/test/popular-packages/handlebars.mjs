// require.extensions, and entries for browsers
import Handlebars from 'handlebars';

console.log(Handlebars.compile('{{#each names}}<{{this}}>{{/each}}')({ names: ['a', 'b'] }));
