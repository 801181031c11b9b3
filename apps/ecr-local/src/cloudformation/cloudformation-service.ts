import { type QueryAction, type QueryService } from '../query/query-service';
import { createKeyedMutex } from '../storage/keyed-mutex';
import { changeSetActions } from './api/change-set-actions';
import { detailReadActions, stackReadActions } from './api/read-actions';
import { stackActions } from './api/stack-actions';
import { templateActions } from './api/template-actions';
import { type EngineDeps } from './engine/engine-deps';

/**
 * AWS CloudFormation, as much as `cdk deploy`, `diff` and `destroy` and the AWS CLI's describe commands call.
 * An operation runs to its end within its request, so a client's first poll finds the result. Exports tie
 * stacks together, so one change runs at a time; reads see a stack as it is at the moment.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/
 */
export function createCloudFormationService(deps: EngineDeps): QueryService {
  const oneAtATime = createKeyedMutex();
  const inTurn = (actions: Record<string, QueryAction>): Record<string, QueryAction> =>
    Object.fromEntries(
      Object.entries(actions).map(([name, run]): [string, QueryAction] => [
        name,
        (parameters) => oneAtATime('stacks', async () => run(parameters)),
      ]),
    );
  return {
    name: 'CloudFormation',
    version: '2010-05-15',
    namespace: 'http://cloudformation.amazonaws.com/doc/2010-05-15/',
    actions: {
      ...stackReadActions(deps),
      ...detailReadActions(deps),
      ...templateActions(deps),
      ...inTurn(changeSetActions(deps)),
      ...inTurn(stackActions(deps)),
    },
  };
}
