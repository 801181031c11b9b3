import { type SynthesizedStack } from './read-assembly';
import { repositoryType } from './template';

/** The first part of a repository's name; a name of one part is a namespace of its own. */
export const namespaceOf = (name: string): string => name.split('/')[0] ?? name;

/** The namespaces of the repositories that the stacks declare: what stands under them is theirs. */
export function declaredNamespaces(stacks: readonly SynthesizedStack[]): ReadonlySet<string> {
  const names = stacks
    .flatMap(({ template }) => Object.values(template.Resources))
    .filter(({ Type }) => Type === repositoryType)
    .map(({ Properties }) => Properties['RepositoryName'])
    .filter((name) => typeof name === 'string');
  return new Set(names.map(namespaceOf));
}
