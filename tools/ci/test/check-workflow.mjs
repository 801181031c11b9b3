// Prints as JSON the errors that GitHub would find in a workflow: check-workflow.mjs <file>. Its parser is an ES module that
// Node loads with tsx, and Jest does not.
import { readFileSync } from 'node:fs';
import process from 'node:process';
import {
  convertWorkflowTemplate,
  NoOperationTraceWriter,
  parseWorkflow,
} from '@actions/workflow-parser';

const [name] = process.argv.slice(2);
const content = readFileSync(name, 'utf8');
const { context, value } = parseWorkflow({ name, content }, new NoOperationTraceWriter());
if (value) await convertWorkflowTemplate(context, value);
const errors = context.errors.getErrors().map(({ message }) => message);
process.stdout.write(JSON.stringify(errors));
