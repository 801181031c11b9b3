export { bundleType, signWith, statementOf } from './signed-bundle';
