import { type Json } from '../template/value';
import { type StackTag } from '../stacks/stack-record';

/** A resource as it is to be. */
export interface DesiredResource {
  readonly stackName: string;
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId: string;
  readonly properties: Readonly<Record<string, Json>>;
  /** The stack's tags; those among the properties come on top. */
  readonly stackTags: readonly StackTag[];
}

/** A resource as far as its references need it. */
export interface ReferredResource {
  readonly type: string;
  readonly physicalId: string;
  readonly properties: Readonly<Record<string, Json>>;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Attributes that only the service knows, by name. */
export type Attributes = Record<string, string>;

/**
 * Creates, changes and deletes the resources of a type. `update` brings the resource to the desired state from any
 * state, and `delete` succeeds if there is none: a rollback after a crash does not know the state.
 * A failure is a `ResourceError`, or any error whose message names the problem.
 */
export interface ResourceHandler {
  /** False: nothing is made; the resource is only recorded in its stack. */
  readonly emulated: boolean;
  /** Properties whose change makes a new resource. */
  readonly immutable: readonly string[];
  /** The property that names the resource, if the template may. */
  readonly nameProperty: string | undefined;
  readonly taggable: boolean;
  /** The id that a new resource will have; chosen before it is made, so that a crash can be undone. */
  physicalId(resource: Omit<DesiredResource, 'physicalId' | 'stackTags'>): string;
  ref(resource: ReferredResource): string;
  /** `undefined`: the type has no such attribute. */
  attribute(resource: ReferredResource, name: string): string | undefined;
  /** Whether something of that id is there that `create` would collide with. */
  exists(physicalId: string): Promise<boolean>;
  create(resource: DesiredResource): Promise<Attributes>;
  update(resource: DesiredResource): Promise<Attributes>;
  delete(resource: Omit<DesiredResource, 'stackTags'>): Promise<void>;
  /** The properties that the template declares, and those of the resource, in one form. Absent if the type is only recorded. */
  readonly read?: (resource: Omit<DesiredResource, 'stackName'>) => Promise<ReadResource>;
  /** The attributes of a resource that exists. */
  readonly attributes?: (physicalId: string) => Promise<Attributes>;
}

export interface ReadResource {
  readonly expected: Readonly<Record<string, Json>>;
  /** `undefined` if it does not exist. */
  readonly actual: Readonly<Record<string, Json>> | undefined;
}

/** Finds the handler of a type; there is one for every type. */
export type ResourceHandlers = (type: string) => ResourceHandler;
