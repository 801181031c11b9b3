import { type ServiceDeclaration } from './service-declaration';

/**
 * Services that need a repository here and live in another workspace. Each is one line, such as
 * `{ service: 'text-service', repository: 'text-service', retention: 'release', lambdaFunctions: 'typerush-text-*', declaredIn }`.
 */
export const servicesElsewhere: readonly ServiceDeclaration[] = [];
