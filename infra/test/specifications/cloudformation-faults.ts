import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, CloudFormationValidatePlugin } from 'aws-cdk-lib/core';
import { type Templates } from './template';

/** Its engine takes half a second to start. */
let plugin: CloudFormationValidatePlugin | undefined;

/**
 * What the resource schemas of CloudFormation and the CDK's own rules say against the templates, warnings included: a value
 * outside of an enumeration is only one.
 */
export function cloudFormationFaults(templates: Templates): string[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'templates-'));
  try {
    const stackTemplates = Object.entries(templates).map(([name, template]) => {
      const templatePath = path.join(folder, `${name}.template.json`);
      writeFileSync(templatePath, JSON.stringify(template));
      return { templatePath, stackConstructPath: name, accountId: undefined, region: undefined };
    });
    plugin ??= new CloudFormationValidatePlugin();
    const { violations } = plugin.validate({
      stackTemplates,
      templatePaths: stackTemplates.map(({ templatePath }) => templatePath),
      appConstruct: new App(),
    });
    return violations.flatMap(({ ruleName, description, violatingResources }) =>
      violatingResources.map(
        ({ constructPath, resourceLogicalId, locations }) =>
          `${ruleName} ${constructPath}/${resourceLogicalId} ${locations.join(', ')}: ${description}`,
      ),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}
