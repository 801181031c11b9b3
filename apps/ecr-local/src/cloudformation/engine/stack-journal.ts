import { recordedReason } from '../resources/recorded-resource';
import { type ResourceRecord, type StackRecord } from '../stacks/stack-record';
import { type EngineDeps } from './engine-deps';

/** CloudFormation keeps 90 days of events; here the newest stay. */
const keptEvents = 1_000;

/** One operation on a stack: it changes the record, writes the events and saves what a restart must know. */
export class StackJournal {
  readonly operationId: string;

  constructor(
    readonly stack: StackRecord,
    private readonly deps: EngineDeps,
    /** The request's ClientRequestToken, repeated in every event. */
    private readonly token?: string,
  ) {
    this.operationId = deps.newId();
  }

  save(): Promise<void> {
    return this.deps.store.save(this.stack);
  }

  /** A stack's status is saved at once: a restart picks the operation up from it. */
  async stackStatus(status: string, reason?: string): Promise<void> {
    const { stack, deps } = this;
    stack.status = status;
    stack.statusReason = reason;
    this.event({
      logicalId: stack.name,
      physicalId: stack.id,
      type: 'AWS::CloudFormation::Stack',
      status,
      ...(reason !== undefined && { reason }),
    });
    deps.log.info({ stack: stack.name, status, reason }, 'stack status');
    await this.save();
  }

  /** Notes a resource's status; saved with the next step, since every step can be done again. */
  resourceStatus(resource: ResourceRecord, status: string, reason?: string): void {
    const emulated = this.deps.handlers(resource.type).emulated;
    const fullReason = emulated ? reason : [reason, recordedReason].filter(Boolean).join('; ');
    Object.assign(resource, {
      status,
      statusReason: fullReason,
      updatedAt: this.deps.now(),
      operationId: this.operationId,
    });
    this.event({
      logicalId: resource.logicalId,
      ...(resource.physicalId !== undefined && { physicalId: resource.physicalId }),
      type: resource.type,
      status,
      ...(fullReason !== undefined && { reason: fullReason }),
      ...(!this.hasSecrets() && { properties: JSON.stringify(resource.properties) }),
    });
    this.log(resource, emulated);
  }

  private log(
    { logicalId, type, physicalId, status, statusReason }: ResourceRecord,
    emulated: boolean,
  ) {
    const fields = {
      stack: this.stack.name,
      logicalId,
      type,
      physicalId,
      status,
      reason: statusReason,
    };
    if (status.endsWith('_FAILED')) this.deps.log.warn(fields, 'resource failed');
    else if (!emulated && status === 'CREATE_COMPLETE') {
      this.deps.log.warn(fields, 'resource type is recorded, not emulated');
    }
  }

  private event(
    event: Omit<StackRecord['events'][number], 'id' | 'at' | 'operationId' | 'token'>,
  ): void {
    const { stack, deps } = this;
    stack.events.push({
      ...event,
      id: `${event.logicalId}-${event.status}-${deps.newId()}`,
      at: this.nextInstant(),
      operationId: this.operationId,
      ...(this.token !== undefined && { token: this.token }),
    });
    stack.events.splice(0, Math.max(0, stack.events.length - keptEvents));
  }

  /** A NoEcho parameter may be anywhere among the properties. */
  private hasSecrets(): boolean {
    const { current, previous } = this.stack;
    return [current, previous].some((state) => state?.parameters.some(({ noEcho }) => noEcho));
  }

  /** Clients sort events by their time, so no two share a millisecond. */
  private nextInstant(): Date {
    const last = this.stack.events.at(-1)?.at.getTime() ?? 0;
    return new Date(Math.max(this.deps.now().getTime(), last + 1));
  }
}
