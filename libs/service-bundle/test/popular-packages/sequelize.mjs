// drivers that are required by name and not installed
import { DataTypes, Sequelize } from 'sequelize';

async function main() {
  const database = new Sequelize('postgres://127.0.0.1:1/a', { logging: false });
  const User = database.define('User', { name: DataTypes.STRING });
  const failure = await User.findAll().catch((error) => error);
  console.log(failure.name, User.tableName);
}
void main();
