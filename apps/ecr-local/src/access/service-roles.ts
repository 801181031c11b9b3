import { type RegistryLocation } from '../registry/registries';
import { type AccessControl } from './access-control';
import { AccessError } from './access-error';
import { accountInArn } from './identity';

/** What ECR does with a role that a pull through cache rule or a repository creation template names. */
export interface RoleUse {
  readonly roleArn: string;
  /** The service that assumes it, such as `ecr.amazonaws.com`. */
  readonly service: string;
  readonly location: RegistryLocation;
  /** What the role has to allow, on the resource. */
  readonly actions: readonly string[];
  readonly resource: string;
}

export interface ServiceRoles {
  /** Why ECR cannot use the role; undefined if it can, or if access is not controlled: then no role is known. */
  findProblem(use: RoleUse): string | undefined;
}

/** @param accessControl is called at the first use */
export const createServiceRoles = (accessControl: () => AccessControl): ServiceRoles => ({
  findProblem: (use) => {
    const access = accessControl();
    if (!access.identities) return undefined;
    const { roleArn, service, location } = use;
    const role = access.identities.role(roleArn);
    if (!role) return `the role ${roleArn} does not exist`;
    const account = accountInArn(roleArn);
    const caller = { kind: 'service', account, arn: service } as const;
    try {
      access.authorize(
        { caller, userId: service, policies: { identity: [] }, reference: '' },
        {
          action: 'sts:AssumeRole',
          resource: roleArn,
          location: { ...location, account },
          sourceIp: undefined,
          resourcePolicies: [role.trust],
        },
      );
    } catch (error) {
      if (!(error instanceof AccessError)) throw error;
      return `the trust policy of ${roleArn} does not let ${service} assume it`;
    }
    const session = access.identities.referred(JSON.stringify({ role: roleArn, name: 'ecr' }));
    if (!session) return `the role ${roleArn} does not exist`;
    try {
      for (const action of use.actions) {
        access.authorize(session, {
          action,
          resource: use.resource,
          location,
          sourceIp: undefined,
        });
      }
    } catch (error) {
      if (!(error instanceof AccessError)) throw error;
      return error.message;
    }
    return undefined;
  },
});
