/** What ECR refuses in a lifecycle policy. */
export type LifecycleRejectionCode =
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
  | 'duplicate-selection';

/** What ECR accepts in a lifecycle policy, but what has no effect or an unwanted one. */
export type IneffectiveRuleCode =
  /** An entry of a list that no tag can match. */
  | 'unmatchable'
  /** A list whose entries no single tag can match, so that an image needs several tags to be selected. */
  | 'all-of-list'
  /** Rules of higher priority claim every image that the rule selects. */
  | 'unreachable'
  /** A rule that never acts, and keeps no image from a rule after it either. */
  | 'redundant'
  /** The rule could act on the image that a moving tag points to. */
  | 'moving-tag';

export type LifecycleIssueCode = LifecycleRejectionCode | IneffectiveRuleCode;

export interface LifecycleIssue {
  /** An `error` is never intended. */
  readonly severity: 'error' | 'warning';
  readonly code: LifecycleIssueCode;
  /** The rule that is meant, if it is one rule with a priority. */
  readonly rulePriority?: number;
  /** What is wrong, and how to put it right. */
  readonly message: string;
}
