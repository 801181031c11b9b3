import { Aws } from 'aws-cdk-lib/core';
import * as iam from 'aws-cdk-lib/aws-iam';

/**
 * A service of AWS that may use a role, but not on behalf of another account.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
 */
export const servicePrincipal = (service: string): iam.ServicePrincipal =>
  new iam.ServicePrincipal(service, {
    conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
  });
