// native addon without a prebuilt package
import Database from 'better-sqlite3';

console.log(new Database(':memory:').prepare('select 1 as one').get());
