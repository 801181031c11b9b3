// dual package that must not be loaded twice
import { buildSchema, graphql } from 'graphql';

async function main() {
  const schema = buildSchema('type Query { hello: String }');
  console.log(
    JSON.stringify(await graphql({ schema, source: '{ hello }', rootValue: { hello: 1 } })),
  );
}
void main();
