import {
  type DocumentCollection,
  type DocumentStore,
  openCollection,
} from '../../storage/document-store';
import { type AwsLocation } from '../template/pseudo-parameters';
import { type StackRecord, stackRecord } from './stack-record';

/** CloudFormation shows deleted stacks for 90 days; here the newest stay. */
const keptDeletedStacks = 100;

/**
 * Every stack, in memory and written through. A stack that is being changed is seen as it is at the moment;
 * what was saved last is what a restart finds.
 */
export class StackStore {
  private readonly unsaved = new Set<StackRecord>();

  private constructor(
    private readonly documents: DocumentCollection<StackRecord>,
    private readonly stacks: Map<string, StackRecord>,
  ) {}

  /** The accounts and regions that have stacks. */
  static async locations(store: DocumentStore): Promise<{ account: string; region: string }[]> {
    const keys = (await store.list('cloudformation-stacks')).map(({ key }) => key.split(':'));
    const homes = new Set(keys.map(([, , , region, account]) => `${account}/${region}`));
    return [...homes].map((home) => {
      const [account = '', region = ''] = home.split('/');
      return { account, region };
    });
  }

  /** The stacks of an account in a region, whose ids say so. */
  static async open(store: DocumentStore, { accountId, region }: AwsLocation): Promise<StackStore> {
    const documents = openCollection(store, 'cloudformation-stacks', stackRecord);
    const stored = (await documents.list()).filter(({ key }) =>
      key.startsWith(`arn:aws:cloudformation:${region}:${accountId}:`),
    );
    return new StackStore(documents, new Map(stored.map(({ key, document }) => [key, document])));
  }

  /** Oldest first, deleted ones included. */
  all(): StackRecord[] {
    return [...this.stacks.values()].sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime());
  }

  live(): StackRecord[] {
    return this.all().filter(({ status }) => status !== 'DELETE_COMPLETE');
  }

  /** By id, deleted or not; by name, only the one that exists. */
  find(nameOrId: string): StackRecord | undefined {
    return this.stacks.get(nameOrId) ?? this.live().find(({ name }) => name === nameOrId);
  }

  async save(stack: StackRecord): Promise<void> {
    this.stacks.set(stack.id, stack);
    this.unsaved.add(stack);
    await this.documents.put(stack.id, stack);
    this.unsaved.delete(stack);
    if (stack.status === 'DELETE_COMPLETE') await this.forgetOldest();
  }

  /** Repeats what failed. */
  async saveUnsaved(): Promise<void> {
    for (const stack of [...this.unsaved]) await this.save(stack);
  }

  /** For a stack that never came to be. */
  async forget(id: string): Promise<void> {
    this.stacks.delete(id);
    await this.documents.delete(id);
  }

  private async forgetOldest(): Promise<void> {
    const deleted = this.all().filter(({ status }) => status === 'DELETE_COMPLETE');
    for (const { id } of deleted.slice(0, Math.max(0, deleted.length - keptDeletedStacks))) {
      await this.forget(id);
    }
  }
}
