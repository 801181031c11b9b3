// drivers that are required by name, entities by decorators
import 'reflect-metadata';
import { DataSource, EntitySchema } from 'typeorm';

async function main() {
  const User = new EntitySchema({
    name: 'User',
    columns: { id: { type: Number, primary: true, generated: true }, name: { type: String } },
  });
  const source = new DataSource({ type: 'sqljs', entities: [User], synchronize: true });
  await source.initialize();
  await source.getRepository('User').save({ name: 'Ada' });
  console.log(JSON.stringify(await source.getRepository('User').find()));
  await source.destroy();
}
void main();
