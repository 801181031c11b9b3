/** What can be wrong with a lifecycle policy. */
export type LifecycleIssueCode =
  | 'not-json'
  | 'shape'
  | 'text-length'
  | 'duplicate-priority'
  | 'tag-lists'
  | 'wildcards'
  | 'count-unit'
  | 'count-type'
  | 'untagged-twice'
  | 'any-not-last'
  | 'duplicate-selection'
  | 'all-of-list'
  | 'shielded';

export interface LifecycleIssue {
  /** An `error` is what ECR refuses; a `warning` is what ECR takes, and what does not do what it says. */
  readonly severity: 'error' | 'warning';
  readonly code: LifecycleIssueCode;
  /** The rule that is meant, if it is one rule with a priority. */
  readonly rulePriority?: number;
  readonly message: string;
}
