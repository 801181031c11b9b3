// generates code that requires its own modules by a string
import Ajv from 'ajv';

const validate = new Ajv.default({ allErrors: true }).compile({
  type: 'object',
  properties: { name: { type: 'string', minLength: 2 }, tags: { uniqueItems: true } },
});
console.log(validate({ name: 'x', tags: [1, 1] }), validate.errors.length);
