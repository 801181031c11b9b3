import { type StackOutput, type StackRecord } from './stack-record';
import { type StackStore } from './stack-store';

export interface StackExport {
  readonly name: string;
  readonly value: string;
  readonly stackId: string;
}

/** What the account's stacks export; a name is exported once. */
export function exportsOf(stacks: readonly StackRecord[]): StackExport[] {
  return stacks.flatMap((stack) =>
    stack.current.outputs.flatMap(({ exportName, value }) =>
      exportName === undefined ? [] : [{ name: exportName, value, stackId: stack.id }],
    ),
  );
}

export function importersOf(stacks: readonly StackRecord[], name: string): StackRecord[] {
  return stacks.filter(({ current }) => current.imports.includes(name));
}

/** Why a stack's outputs cannot become these; `undefined` when they can. */
export function exportConflict(
  store: StackStore,
  stack: StackRecord,
  next: readonly StackOutput[],
): string | undefined {
  const others = store.live().filter(({ id }) => id !== stack.id);
  const taken = next.find((output) =>
    exportsOf(others).some(({ name }) => name === output.exportName),
  );
  if (taken) {
    const [owner] = exportsOf(others).filter(({ name }) => name === taken.exportName);
    return `Export with name ${taken.exportName} is already exported by stack ${owner?.stackId}. Rename it or remove the other.`;
  }
  for (const { name, value } of exportsOf([stack])) {
    const importers = importersOf(others, name).map((importer) => importer.name);
    if (importers.length === 0) continue;
    const kept = next.find(({ exportName }) => exportName === name);
    if (!kept) return `Export ${name} cannot be deleted as it is in use by ${importers.join(', ')}`;
    if (kept.value !== value)
      return `Export ${name} cannot be updated as it is in use by ${importers.join(', ')}`;
  }
  return undefined;
}
