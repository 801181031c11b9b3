import { EcrError } from '../../errors/ecr-error';
import { pageOf } from '../page';
import { type Registry } from '../registry';
import { modelled } from './modelled';

interface PrincipalRequest {
  readonly principalArn: string;
}

/** https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_RegisterPullTimeUpdateExclusion.html */
const exclusionsOfRegistry = 100;

export function pullTimeExclusionOperations({ configuration, clock }: Registry) {
  return {
    registerPullTimeUpdateExclusion: modelled(
      'RegisterPullTimeUpdateExclusion',
      async ({ principalArn }: PrincipalRequest) => {
        const createdAt = clock();
        await configuration.update(({ pullExclusions }) => {
          if (pullExclusions.some((each) => each.principalArn === principalArn)) {
            throw new EcrError(
              'ExclusionAlreadyExistsException',
              `The pull time update exclusion for '${principalArn}' already exists`,
            );
          }
          if (pullExclusions.length >= exclusionsOfRegistry) {
            throw new EcrError(
              'LimitExceededException',
              `A registry has at most ${exclusionsOfRegistry} pull time update exclusions`,
            );
          }
          const added = { principalArn, createdAt: createdAt.toISOString() };
          return { pullExclusions: [...pullExclusions, added] };
        });
        return { principalArn, createdAt };
      },
    ),
    deregisterPullTimeUpdateExclusion: modelled(
      'DeregisterPullTimeUpdateExclusion',
      async ({ principalArn }: PrincipalRequest) => {
        await configuration.update(({ pullExclusions }) => {
          const rest = pullExclusions.filter((each) => each.principalArn !== principalArn);
          if (rest.length < pullExclusions.length) return { pullExclusions: rest };
          throw new EcrError(
            'ExclusionNotFoundException',
            `The pull time update exclusion for '${principalArn}' does not exist`,
          );
        });
        return { principalArn };
      },
    ),
    listPullTimeUpdateExclusions: modelled(
      'ListPullTimeUpdateExclusions',
      (page: { readonly nextToken?: string; readonly maxResults?: number }) => {
        const all = configuration.get().pullExclusions.map(({ principalArn }) => principalArn);
        const { items, nextToken } = pageOf(all, (arn) => arn, page);
        return {
          pullTimeUpdateExclusions: items,
          ...(nextToken !== undefined && { nextToken }),
        };
      },
    ),
  };
}
