import { Stack } from 'aws-cdk-lib/core';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';

export interface LastCommitProps {
  /** The name of the SSM parameter, such as `/typerush/dev/registry/last-commit`. */
  readonly parameterName: string;
}

/** What the parameter holds before the first delivery: everything is to be pushed. */
export const noCommit = 'none';

/**
 * The last commit whose images were all delivered: what changed since decides what is pushed next. CI writes it; a deployment
 * that changes the parameter sets it back, and the next push is one of everything.
 */
export class LastCommit extends Construct {
  readonly parameterName: string;

  constructor(scope: Construct, id: string, props: LastCommitProps) {
    super(scope, id);
    this.parameterName = props.parameterName;
    new ssm.StringParameter(this, 'Parameter', {
      parameterName: props.parameterName,
      description: 'The last commit whose images were all delivered; written by CI',
      stringValue: noCommit,
      allowedPattern: `^(${noCommit}|[0-9a-f]{40})$`,
    });
  }

  /** What CI does with it. */
  accessStatement(): iam.PolicyStatement {
    return new iam.PolicyStatement({
      sid: 'LastCommit',
      actions: ['ssm:GetParameter', 'ssm:PutParameter'],
      resources: [
        Stack.of(this).formatArn({
          service: 'ssm',
          resource: 'parameter',
          resourceName: this.parameterName.replace(/^\//, ''),
        }),
      ],
    });
  }

  /** Lets a role, beside that of the build project, read and write it. */
  grantAccess(id: string, role: iam.IRole): void {
    new iam.Policy(this, id, { roles: [role], statements: [this.accessStatement()] });
  }
}
