import { type Policy, PolicyError, type PolicyKind, readPolicy } from '@typerush/image-registry';
import { JsonError, parseJson } from '../input/bounded-json';
import { invalidParameter } from './refusals';

/**
 * The policy of a repository or of a registry; rejects what ECR rejects, in its words, and conditions that are not
 * evaluated here.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html
 */
export function checkResourcePolicy(kind: 'repository' | 'registry', text: string): Policy {
  try {
    return parsePolicy(kind, text);
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    const reason = error.kind === 'not evaluated' ? `: ${error.message}` : '';
    throw invalidParameter('PolicyText', `Invalid ${kind} policy provided${reason}`);
  }
}

/** @throws PolicyError */
export function parsePolicy(kind: PolicyKind, text: string): Policy {
  try {
    return readPolicy(kind, parseJson(text));
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    throw new PolicyError('not evaluated', `it ${error.message}`);
  }
}
