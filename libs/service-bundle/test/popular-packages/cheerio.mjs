// dual package with its own entry for browsers
import { load } from 'cheerio';

const $ = load('<ul><li>one</li><li>two</li></ul>');
console.log($('li').length, $('li').last().text());
