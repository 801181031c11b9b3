// drivers that are required lazily and not installed
import knex from 'knex';

const query = knex({ client: 'pg' })('users').where({ id: 1 }).select('name');
console.log(query.toString());
