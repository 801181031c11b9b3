import { dependencyOrder } from './dependency-order';
import { pseudoParameterNames } from './pseudo-parameters';
import { referencesIn } from './references';
import { type Template } from './template';
import { templateError, templateFormatError } from '../cloudformation-error';
import { isObject, type Json } from './value';

const knownFunctions = new Set([
  'Fn::And', 'Fn::Base64', 'Fn::Equals', 'Fn::FindInMap', 'Fn::GetAtt', 'Fn::GetAZs', 'Fn::GetStackOutput',
  'Fn::If', 'Fn::ImportValue', 'Fn::Join', 'Fn::Not', 'Fn::Or', 'Fn::Select', 'Fn::Split', 'Fn::Sub',
]); // prettier-ignore

/** What CloudFormation refuses before it looks at any resource: names that nothing declares, and cycles. */
export function validateTemplate(template: Template): void {
  refuseUnknownFunctions(template.Resources as unknown as Json);
  refuseUnknownFunctions(template.Outputs as unknown as Json);
  const declared = new Set([
    ...Object.keys(template.Parameters),
    ...Object.keys(template.Resources),
    ...pseudoParameterNames,
  ]);
  const resources = Object.values(template.Resources);
  checkNames(
    template,
    declared,
    resources.map(({ Properties }) => Properties as Json),
    'Resources',
  );
  checkNames(template, declared, Object.values(template.Outputs).map(outputValue), 'Outputs');
  for (const [id, { DependsOn, Condition }] of Object.entries(template.Resources)) {
    const unknown = DependsOn.filter((name) => !Object.hasOwn(template.Resources, name));
    if (unknown.length > 0) throw unresolved(unknown, 'Resources');
    requireCondition(template, Condition, `resource ${id}`);
  }
  for (const [id, { Condition }] of Object.entries(template.Outputs)) {
    requireCondition(template, Condition, `output ${id}`);
  }
  dependencyOrder(template.Resources);
}

const outputValue = ({ Value, Export }: Template['Outputs'][string]): Json => [
  Value,
  Export?.Name ?? null,
];

const unresolved = (names: readonly string[], block: string) =>
  templateFormatError(
    `Unresolved resource dependencies [${[...new Set(names)].join(', ')}] in the ${block} block of the template`,
  );

function checkNames(
  template: Template,
  declared: ReadonlySet<string>,
  values: readonly Json[],
  block: string,
): void {
  const references = referencesIn(values);
  const refs = references.flatMap((r) =>
    r.kind === 'ref' && !declared.has(r.name) ? [r.name] : [],
  );
  if (refs.length > 0) throw unresolved(refs, block);
  for (const reference of references) {
    if (reference.kind === 'attribute' && !Object.hasOwn(template.Resources, reference.name)) {
      throw templateError(`instance of Fn::GetAtt references undefined resource ${reference.name}`);
    }
    if (reference.kind === 'condition') requireCondition(template, reference.name, 'Fn::If');
  }
}

function requireCondition(template: Template, name: string | undefined, where: string): void {
  if (name !== undefined && !Object.hasOwn(template.Conditions, name)) {
    throw templateFormatError(
      `Unresolved dependencies [${name}]. Cannot reference condition in ${where}`,
    );
  }
}

function refuseUnknownFunctions(value: Json): void {
  if (Array.isArray(value)) value.forEach(refuseUnknownFunctions);
  if (!isObject(value)) return;
  for (const [key, child] of Object.entries(value)) {
    if (key.startsWith('Fn::') && !knownFunctions.has(key)) {
      throw templateError(`the function ${key} is not emulated here`);
    }
    refuseUnknownFunctions(child);
  }
}
